package io.weir.reactive.session.carrier;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.RecordFraming;
import io.weir.reactive.fault.PassingSubscriber;
import java.io.EOFException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/**
 * Cuts the bytes of a link into sealed records: none, one or many of each chunk, each valid during onNext. An end within a record
 * is an error. For a source that is asked for everything. Loop-confined.
 */
final class FluxRecordCut extends FluxOperator<ByteBuffer, RecordFraming> {

    private final RecordFraming framing;
    private final InboundGate gate;

    /** @param framing puts records together, and shows each one */
    FluxRecordCut(Flux<ByteBuffer> source, RecordFraming framing, InboundGate gate) {
        super(source);
        this.framing = framing;
        this.gate = gate;
    }

    @Override
    public void subscribe(CoreSubscriber<? super RecordFraming> actual) {
        source.subscribe(new CutSubscriber(actual, framing, gate));
    }

    private static final class CutSubscriber extends PassingSubscriber<ByteBuffer, RecordFraming> {
        private final RecordFraming framing;
        private final InboundGate gate;

        CutSubscriber(CoreSubscriber<? super RecordFraming> actual, RecordFraming framing, InboundGate gate) {
            super(actual);
            this.framing = framing;
            this.gate = gate;
        }

        @Override
        public void onNext(ByteBuffer chunk) {
            while (gate.isOpen()) {
                switch (framing.cut(chunk)) {
                    case UNIT -> actual.onNext(framing);
                    case MORE -> {
                        return;
                    }
                    case MALFORMED ->
                        gate.violated(
                                ErrorCode.MALFORMED_FRAME,
                                "a record of less than " + RecordFraming.MIN_RECORD + " bytes");
                }
            }
            chunk.position(chunk.limit());
        }

        /** An end between two records has lost no bytes, any other has cut one off. */
        @Override
        protected void tellEnd(@Nullable Throwable failure) {
            boolean cutOff = failure == null && !framing.atBoundary();
            super.tellEnd(cutOff ? new EOFException("it ended within a record") : failure);
        }
    }
}
