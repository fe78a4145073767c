package io.weir.reactive.session.packet;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The datagrams with a session's index: the source of the inbound chain, for one subscriber. What comes without demand is
 * dropped, as on the way. Loop-confined.
 */
final class PacketInput extends Flux<InboundPacket> implements Subscription {

    private final InboundPacket packet = new InboundPacket();
    private @Nullable CoreSubscriber<? super InboundPacket> actual;
    private long requested;
    private boolean reading;

    @Override
    public void subscribe(CoreSubscriber<? super InboundPacket> subscriber) {
        if (actual != null) {
            Operators.error(subscriber, new IllegalStateException("the packets of a session have one subscriber"));
            return;
        }
        actual = subscriber;
        subscriber.onSubscribe(this);
    }

    /** A datagram has come; the array is borrowed. */
    void onPacket(byte[] array, int offset, int length, PathAddress from, Ecn mark) {
        CoreSubscriber<? super InboundPacket> a = actual;
        if (a == null || requested == 0) {
            return;
        }
        requested--;
        reading = true;
        packet.set(array, offset, length, from, mark);
        try {
            a.onNext(packet);
        } finally {
            packet.clear();
            reading = false;
        }
    }

    /** Where what is read now says that it comes from; null if nothing is. */
    @Nullable
    PathAddress from() {
        return reading ? packet.from() : null;
    }

    /** Whether a packet is being read. */
    boolean isReading() {
        return reading;
    }

    /** Nothing more comes. */
    void complete() {
        CoreSubscriber<? super InboundPacket> a = actual;
        actual = null;
        if (a != null) {
            a.onComplete();
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested = Operators.addCap(requested, n);
        }
    }

    @Override
    public void cancel() {
        actual = null;
    }
}
