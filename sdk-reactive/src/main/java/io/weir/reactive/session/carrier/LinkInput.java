package io.weir.reactive.session.carrier;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** What a link's bytes mean in one phase of its life: the handshake first, then the session's records. Loop-confined. */
interface LinkInput {

    /** Bytes as they came, valid during the call. What is left in the buffer belongs to the next phase. */
    void onBytes(ByteBuffer chunk);

    /** The peer ended its output (null), or the link broke. */
    void onLinkEnd(@Nullable Throwable failure);

    /** Something threw where it must not: the session ends, the node goes on. */
    void onDefect(Throwable defect);

    /** The subscriber of a link's inbound side, whose phase can be changed, also from within a phase. */
    final class Reader implements CoreSubscriber<ByteBuffer> {
        private LinkInput phase;

        Reader(LinkInput first) {
            phase = first;
        }

        void become(LinkInput next) {
            phase = next;
        }

        @Override
        public void onSubscribe(Subscription s) {
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer chunk) {
            LinkInput current;
            do {
                current = phase;
                try {
                    current.onBytes(chunk);
                } catch (Throwable e) {
                    phase.onDefect(e);
                    return;
                }
            } while (current != phase && chunk.hasRemaining());
        }

        @Override
        public void onError(Throwable e) {
            phase.onLinkEnd(e);
        }

        @Override
        public void onComplete() {
            phase.onLinkEnd(null);
        }
    }
}
