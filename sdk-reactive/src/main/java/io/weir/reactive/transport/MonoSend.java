package io.weir.reactive.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link Link#send} as a Mono: each subscription is one {@link LinkSender}, started on the loop. */
final class MonoSend extends Mono<Void> implements Scannable {

    private final AbstractLink link;
    private final Publisher<ByteBuffer> records;

    MonoSend(AbstractLink link, Publisher<ByteBuffer> records) {
        this.link = link;
        this.records = records;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        SessionLoop loop = link.loop();
        if (loop.inLoop()) {
            start(actual);
        } else {
            try {
                loop.execute(() -> start(actual));
            } catch (RuntimeException e) {
                Operators.error(actual, e);
            }
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.PARENT ? records : null;
    }

    private void start(CoreSubscriber<? super Void> actual) {
        IOException end = link.end();
        if (end != null) {
            Operators.error(actual, end);
            return;
        }
        LinkSender sender = new LinkSender(link, actual);
        if (!link.occupy(sender)) {
            Operators.error(actual, new IllegalStateException("another send is in progress on this link"));
            return;
        }
        actual.onSubscribe(sender);
        records.subscribe(sender);
    }
}
