package io.weir.core.handshake;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Correct Noise with any payload in message 3: it is read by the responder after decryption. */
class RoguePayloadFuzzTest {

    @FuzzTest
    void payload(byte[] payload) {
        StreamHandshake responder = StreamHandshake.responder(HandshakePair.bob(), HandshakePair.seeded(6));
        RogueSide rogue = RogueSide.initiator(HandshakePair.seeded(9));
        HandshakePair.feed(responder, rogue.firstUnits());
        rogue.read(HandshakePair.drain(responder));

        HandshakePair.feed(responder, rogue.write(h -> payload));

        Script.checkRefused(responder, Role.RESPONDER);
    }
}
