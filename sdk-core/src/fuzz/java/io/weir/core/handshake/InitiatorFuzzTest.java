package io.weir.core.handshake;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A responder that says anything; {@link Script} tells what an input means. */
class InitiatorFuzzTest {

    @FuzzTest
    void initiator(byte[] input) {
        Script script = new Script(input);
        HandshakePair pair = script.pair();
        HandshakePair.feed(pair.responder, HandshakePair.drain(pair.initiator));
        if (script.deliver(pair.initiator, HandshakePair.drain(pair.responder))) {
            HandshakePair.established(pair.initiator);
        } else {
            Script.checkRefused(pair.initiator, Role.INITIATOR);
        }
    }
}
