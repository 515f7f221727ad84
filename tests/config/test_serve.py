"""The runner of the demonstration refuses in one sentence what cannot work."""

import socket

import pytest


@pytest.mark.parametrize("port", ["0", "65536", "80a", ""])
def test_a_port_that_is_none_is_refused(installation, port):
    served = installation.run("-m", "config.serve", "--port", port)

    sentence = f"hannun: PORT must be a number from 1 to 65535, but it is {port!r}.\n"
    assert (served.stdout, served.stderr, served.returncode) == ("", sentence, 1)


def test_a_port_that_is_taken_is_named_before_anything_starts(installation):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        served = installation.run("-m", "config.serve", "--port", str(port))

    another = port + 1 if port < 65535 else 8000
    sentence = f"hannun: Port {port} is taken: choose another, as in make demo PORT={another}.\n"
    assert (served.stdout, served.stderr, served.returncode) == ("", sentence, 1)
    assert not (installation.local / "pg").exists()


def test_a_broken_local_folder_is_named(installation):
    installation.local.write_text("")

    served = installation.run("-m", "config.serve", "--port", "8000")

    sentence = f"hannun: {installation.local} is not a folder: move it away, or let HANNUN_LOCAL name another folder.\n"
    assert (served.stdout, served.stderr, served.returncode) == ("", sentence, 1)


def test_stop_without_anything_running_is_quiet(installation):
    stopped = installation.run("-m", "config.serve", "--stop")

    assert (stopped.stdout, stopped.stderr, stopped.returncode) == ("", "", 0)
    assert not installation.local.exists()
