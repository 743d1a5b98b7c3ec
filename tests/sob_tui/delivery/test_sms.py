"""Sms, against a gateway that really answers."""

import dataclasses

import pytest
import trustme

from sob_tui.delivery import sms as sms_module
from sob_tui.delivery.faults import ChannelDown, DeliveryFault, TryLater, Undeliverable
from sob_tui.delivery.sms import Sms, international
from tests.sob_tui.delivery.conftest import TO_SMS, to_gateway
from tests.sob_tui.delivery.servers import DROP, PASSWORD, SILENCE, USER, Gateway, gateway, nobody


def channel(url: str, password: str = PASSWORD, user: str | None = USER) -> Sms:
    return Sms(to_gateway(url, user), password)


def test_a_notice_is_handed_over(sms: Sms, sms_gateway: Gateway) -> None:
    sms.send(TO_SMS)
    assert sms_gateway.asked == [{"from": "Vardprov", "to": "+46701740605", "message": "Logga in åt dig."}]
    assert sms_gateway.signed_in == [True]


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ((400, b"Invalid to number 0701740605"), Undeliverable, "avvisade mottagaren (HTTP 400)"),
        ((403, b"Forbidden number"), Undeliverable, "HTTP 403"),
        ((403, b"Not enough credits"), ChannelDown, "pengar"),
        ((402, b""), ChannelDown, "pengar"),
        ((404, b""), ChannelDown, "finns inte på adressen"),
        ((429, b""), TryLater, "HTTP 429"),
        ((500, b""), TryLater, "HTTP 500"),
        ((503, b""), TryLater, "HTTP 503"),
        ((200, b"<html>Logga in</html>"), TryLater, "tolka"),
        ((200, ["en", "lista"]), TryLater, "tolka"),
        ((200, {"status": "failed"}), Undeliverable, "kunde inte skicka"),
        (DROP, TryLater, "förbindelsen bröts"),
    ],
)
def test_what_an_answer_means(
    sms: Sms, sms_gateway: Gateway, answer: tuple[int, object] | str, kind: type[DeliveryFault], reason: str
) -> None:
    sms_gateway.answers.append(answer)
    with pytest.raises(DeliveryFault) as told:
        sms.send(TO_SMS)
    assert type(told.value) is kind
    assert reason in told.value.reason
    assert "1740605" not in str(told.value)
    sms.send(TO_SMS)


def test_a_gateway_that_falls_silent(sms_gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_module, "TIMEOUT", 0.2)
    sms_gateway.answers.append(SILENCE)
    waiting = channel(sms_gateway.url)
    with pytest.raises(TryLater):
        waiting.send(TO_SMS)
    waiting.close()


def test_a_redirect_is_not_followed(sms: Sms, sms_gateway: Gateway) -> None:
    with gateway() as elsewhere:
        sms_gateway.location = elsewhere.url
        sms_gateway.answers.append((307, b""))
        with pytest.raises(ChannelDown, match="annan adress"):
            sms.send(TO_SMS)
        assert elsewhere.asked == []


@pytest.mark.parametrize(("user", "password"), [(USER, "fel"), (USER, "lösenord"), (None, "")])
def test_a_sign_in_that_fails(sms_gateway: Gateway, user: str | None, password: str) -> None:
    wrong = channel(sms_gateway.url, password, user)
    with pytest.raises(ChannelDown, match="inloggningen"):
        wrong.send(TO_SMS)
    wrong.close()


def test_a_certificate_that_nobody_vouches_for(ca: trustme.CA) -> None:
    with gateway(ca) as encrypted:
        untrusting = channel(encrypted.url)
        with pytest.raises(ChannelDown, match="inte betrott"):
            untrusting.send(TO_SMS)
        untrusting.close()
        assert encrypted.asked == []


def test_a_port_where_nobody_listens() -> None:
    with nobody() as port:
        lost = channel(f"http://127.0.0.1:{port}/")
        with pytest.raises(ChannelDown, match="gick inte att ansluta till"):
            lost.send(TO_SMS)
        lost.close()


def test_in_clear_text_no_proxy_is_asked(sms_gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody() as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        direct = channel(sms_gateway.url)
        direct.send(TO_SMS)
        direct.close()
    assert len(sms_gateway.asked) == 1


def test_only_a_swedish_mobile_number_is_asked_for(sms: Sms, sms_gateway: Gateway) -> None:
    assert international("0701740605") == "+46701740605"
    for number in ("", "+46701740605", "070174060", "0701740605\n", "08123456789"):
        with pytest.raises(Undeliverable, match="fel form"):
            sms.send(dataclasses.replace(TO_SMS, address=number))
    assert sms_gateway.asked == []
