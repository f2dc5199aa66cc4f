-- The language server of K8s-Gen. In init.lua:
--
--   vim.opt.runtimepath:append("<k8s-gen>/neovim")
--   vim.lsp.enable("k8sgen")
--
-- The server runs the code of a folder only if you trust it: `:K8sGenTrust`, `k8sgen trust DIR`, or
--
--   vim.lsp.config("k8sgen", { init_options = { trusted = { "~/projects/shop" } } })
--
-- `cmd` is the `k8sgen` on your PATH; set another one the same way.

---@type vim.lsp.Config
return {
  cmd = { "k8sgen", "lsp" },
  filetypes = { "python" },
  root_markers = { "k8sgen.toml", "pyproject.toml", ".git" },
  init_options = { trusted = {} },
}
