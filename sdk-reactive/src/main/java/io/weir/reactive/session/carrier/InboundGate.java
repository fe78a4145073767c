package io.weir.reactive.session.carrier;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.FrameSink;

/**
 * Whether what a link brings is still taken: until the peer breaks a rule, or the carrier is closed. A broken rule is no
 * error of the chain, whose end still has to be heard: what comes after it is only absorbed. Loop-confined.
 */
final class InboundGate {

    private final FrameSink sink;
    private boolean shut;

    InboundGate(FrameSink sink) {
        this.sink = sink;
    }

    boolean isOpen() {
        return !shut;
    }

    void shut() {
        shut = true;
    }

    /** The peer broke a rule of records. */
    void violated(ErrorCode error, String problem) {
        shut = true;
        sink.onViolation(error, problem);
    }
}
