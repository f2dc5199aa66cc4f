import subprocess


def test_the_editor_is_the_pinned_one(nvim):
    run = subprocess.run([nvim, "--version"], capture_output=True, encoding="utf-8", check=True)

    assert run.stdout.startswith("NVIM v0.11.4")
