from k8sgen_lsp.roots import FRESH, Roots


def test_a_root_is_looked_for_again_after_a_while(tmp_path):
    times = [0.0]
    roots = Roots(lambda: times[0])
    folder = tmp_path / "project" / "inner"
    folder.mkdir(parents=True)
    (tmp_path / "project" / "k8sgen.toml").touch()

    assert roots.of(folder / "app.py") == tmp_path / "project"
    (folder / "k8sgen.toml").touch()
    assert roots.of(folder / "app.py") == tmp_path / "project"
    times[0] = FRESH + 1
    assert roots.of(folder / "app.py") == folder
