-- :K8sGenPreview [environment]   what this file deploys, in a split that follows what is typed
-- :K8sGenTrust [folder]          let the server run the code of this project, for this session
if vim.g.loaded_k8sgen then
  return
end
vim.g.loaded_k8sgen = true

local group = vim.api.nvim_create_augroup("k8sgen", {})

local function report(message)
  vim.notify("k8sgen: " .. message, vim.log.levels.ERROR)
end

local function client_of(buffer)
  local client = vim.lsp.get_clients({ name = "k8sgen", bufnr = buffer })[1]
  if not client then
    report("the language server is not running for this file; see :checkhealth vim.lsp")
  end
  return client
end

--- One YAML stream of all files, each headed by its path.
local function lines_of(preview)
  local lines = {}
  if preview.stale then
    lines = { "# Out of date: the file has errors, this is the last good preview." }
  elseif #preview.files == 0 then
    lines = { "# Nothing to preview: see the diagnostics of the file." }
  end
  for _, file in ipairs(preview.files) do
    vim.list_extend(lines, { "# " .. file.path, "---" })
    vim.list_extend(lines, vim.split(file.text, "\n", { trimempty = true }))
  end
  return lines
end

local function preview_buffer(name)
  local buffer = vim.fn.bufnr("^" .. vim.fn.fnameescape(name) .. "$")
  if buffer > 0 then
    return buffer
  end
  buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, name)
  vim.bo[buffer].bufhidden = "wipe"
  vim.bo[buffer].filetype = "yaml"
  vim.bo[buffer].modifiable = false
  return buffer
end

local function fill(buffer, preview)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines_of(preview))
  vim.bo[buffer].modifiable = false
end

local function open_window(buffer)
  if vim.fn.bufwinid(buffer) == -1 then
    local window = vim.api.nvim_get_current_win()
    vim.cmd("vertical sbuffer " .. buffer)
    vim.api.nvim_set_current_win(window)
  end
end

--- Which file and environment each buffer shows.
local shown = {}

--- While a buffer is typed in, the server tells what it deploys once it is asked to.
vim.lsp.handlers["k8sgen/previewChanged"] = function(_, changed)
  for buffer, what in pairs(shown) do
    if what.uri == changed.uri and what.environment == changed.preview.environment then
      fill(buffer, changed.preview)
    end
  end
end

local function request(client, source, params, on_preview)
  client:request("k8sgen/preview", params, function(err, result)
    if err then
      report(err.message)
    else
      on_preview(result)
    end
  end, source)
end

--- Show a preview in its buffer until that is wiped out, and let the server forget it then.
local function follow(client, source, params, buffer)
  local refresh = vim.api.nvim_create_autocmd("BufWritePost", {
    group = group,
    buffer = source,
    desc = "Templates and other files count once the source is saved",
    callback = function()
      request(client, source, params, function(newer)
        if shown[buffer] then
          fill(buffer, newer)
        end
      end)
    end,
  })
  vim.api.nvim_create_autocmd("BufWipeout", {
    group = group,
    buffer = buffer,
    once = true,
    callback = function()
      shown[buffer] = nil
      pcall(vim.api.nvim_del_autocmd, refresh)
      if vim.api.nvim_buf_is_loaded(source) and not client:is_stopped() then
        local unwatched = vim.tbl_extend("force", params, { watch = false })
        client:request("k8sgen/preview", unwatched, function() end, source)
      end
    end,
  })
end

local function open_preview(options)
  local source = vim.api.nvim_get_current_buf()
  local client = client_of(source)
  if not client then
    return
  end
  local environment = options.args ~= "" and options.args or nil
  local name = "k8sgen://" .. vim.api.nvim_buf_get_name(source):gsub("^/", "")
  local params = {
    uri = vim.uri_from_bufnr(source),
    format = "kubernetes",
    environment = environment,
  }
  request(client, source, params, function(result)
    local buffer = preview_buffer(environment and name .. "@" .. environment or name)
    fill(buffer, result)
    open_window(buffer)
    if not shown[buffer] then
      follow(client, source, params, buffer)
    end
    shown[buffer] = { uri = params.uri, environment = result.environment }
  end)
end

local function trust(options)
  local client = client_of(0)
  if not client then
    return
  end
  local folder = options.args ~= "" and options.args or client.root_dir or vim.fn.getcwd()
  folder = vim.fs.normalize(vim.fn.fnamemodify(folder, ":p"))
  client:notify("k8sgen/trust", { folder = vim.uri_from_fname(folder), trusted = true })
end

vim.api.nvim_create_user_command("K8sGenPreview", open_preview, {
  nargs = "?",
  desc = "Show what this file deploys",
})
vim.api.nvim_create_user_command("K8sGenTrust", trust, {
  nargs = "?",
  complete = "dir",
  desc = "Let the K8s-Gen language server run the code of this project",
})
