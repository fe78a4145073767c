package io.weir.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** An initiator that says anything at any step; {@link Script} tells what an input means. */
class ResponderFuzzTest {

    @FuzzTest
    void responder(byte[] input) {
        Script script = new Script(input);
        HandshakePair pair = script.pair();
        boolean genuine = script.deliver(pair.responder, HandshakePair.drain(pair.initiator));
        byte[] second = HandshakePair.drain(pair.responder);
        assertThat(second.length).isLessThanOrEqualTo(2 + StreamHandshake.MAX_MESSAGE_LENGTH);
        if (genuine) {
            HandshakePair.feed(pair.initiator, second);
            genuine = script.deliver(pair.responder, HandshakePair.drain(pair.initiator));
        }
        if (genuine) {
            HandshakePair.established(pair.responder);
        } else {
            Script.checkRefused(pair.responder, Role.RESPONDER);
        }
    }
}
