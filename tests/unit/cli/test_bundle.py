"""`kboot bundle` as a person meets it."""

import json

import pytest
from click.testing import CliRunner

from bootstrap.bundle.bundle import Bundle
from bootstrap.cli.bundle import bundle
from bootstrap.model.error import KbootError
from tests.unit.bundle.conftest import lock, whole
from tests.unit.show.test_schema import problems

__all__ = ["lock", "whole"]


def test_verify_of_a_whole_bundle_says_so(whole: Bundle) -> None:
    done = CliRunner().invoke(bundle, ["verify", str(whole.folder)])
    assert done.exit_code == 0
    assert "1 packages, 1 images, 1 manifests" in done.output


def test_verify_names_every_file_that_is_not_as_locked_and_exits_12(whole: Bundle) -> None:
    (whole.folder / "extra").touch()
    (whole.folder / "manifests/flannel-0.28.4.yaml").unlink()
    done = CliRunner().invoke(bundle, ["verify", str(whole.folder)])
    assert isinstance(done.exception, KbootError)
    assert int(done.exception.exit_code) == 12
    assert done.exception.evidence == "missing manifests/flannel-0.28.4.yaml\nextra extra"


def test_verify_gives_its_findings_as_json_too(whole: Bundle) -> None:
    (whole.folder / "extra").touch()
    done = CliRunner().invoke(bundle, ["verify", "-o", "json", str(whole.folder)])
    document = json.loads(done.output)
    assert document["findings"] == [{"path": "extra", "problem": "extra", "detail": ""}]
    assert problems(document) == []
    assert (document["kind"], document["exitCode"]) == ("Verification", 12)
    assert document["signedBy"] == whole.signed_by


def test_a_bundle_by_another_maker_is_refused_where_the_key_is_named(whole: Bundle) -> None:
    done = CliRunner().invoke(bundle, ["verify", "--key", "0" * 64, str(whole.folder)])
    assert isinstance(done.exception, KbootError)
    assert done.exception.exit_code == 12
    assert f"signed by {whole.signed_by}" in done.exception.evidence


def test_list_shows_source_and_licence_of_every_file(whole: Bundle) -> None:
    done = CliRunner().invoke(bundle, ["list", str(whole.folder)])
    lines = [line for line in done.output.splitlines() if "<- a test  [Apache-2.0]" in line]
    assert len(lines) == len(whole.lock.files)


def test_list_as_json_is_the_lock(whole: Bundle) -> None:
    done = CliRunner().invoke(bundle, ["list", "-o", "json", str(whole.folder)])
    assert type(whole.lock).model_validate_json(done.output) == whole.lock


@pytest.mark.parametrize("version", ["1.20.0", "latest"])
def test_build_of_an_unknown_version_says_which_are_known(version: str) -> None:
    done = CliRunner().invoke(bundle, ["build", "--kubernetes", version])
    assert isinstance(done.exception, KbootError)
    assert "1.36.3" in done.exception.advice
