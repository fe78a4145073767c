package io.weir.reactive.session.carrier;

import io.weir.reactive.transport.FrameSink;
import io.weir.reactive.transport.Lane;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** The end of the inbound chain: gives each record's frames to the session, and tells it the end. Loop-confined. */
final class RecordSink implements CoreSubscriber<OpenedRecord> {

    private final FrameSink session;
    private final InboundGate gate;

    RecordSink(FrameSink session, InboundGate gate) {
        this.session = session;
        this.gate = gate;
    }

    @Override
    public void onSubscribe(Subscription s) {
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(OpenedRecord record) {
        if (!session.onFrames(Lane.MERGED, record.array(), record.length(), record.own())) {
            gate.shut();
        }
    }

    @Override
    public void onError(Throwable e) {
        session.onLost(e);
    }

    @Override
    public void onComplete() {
        session.onLost(null);
    }
}
