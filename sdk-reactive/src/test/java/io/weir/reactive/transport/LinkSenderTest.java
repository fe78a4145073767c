package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.test.scheduler.VirtualTimeScheduler;

/** How many records share one flush, and that a source which never runs dry leaves the loop to others. */
class LinkSenderTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SessionLoop loop = SessionLoop.on(time);
    private final List<String> calls = new ArrayList<>();
    private final CountingLink link = new CountingLink();
    private final Source source = new Source();

    @AfterEach
    void disposeTime() {
        time.dispose();
    }

    @Test
    void whatASourceSaysByItselfSharesOneFlush() {
        send();
        source.speak(5);
        assertThat(calls).containsExactly("write", "write", "write", "write", "write", "flush");
    }

    @Test
    void aFullLinkIsFlushedAtOnce() {
        link.room = 2;
        send();
        source.speak(5);
        assertThat(calls).containsExactly("write", "write", "flush", "write", "write", "flush", "write", "flush");
    }

    @Test
    void aSingleRecordIsFlushedInTheSameTurn() {
        send();
        source.speak(1);
        assertThat(calls).containsExactly("write", "flush");
        source.speak(1);
        assertThat(calls).containsExactly("write", "flush", "write", "flush");
    }

    @Test
    void anEndlessSourceLeavesTurnsToOthers() {
        send();
        loop.execute(() -> {
            loop.execute(() -> calls.add("other"));
            source.say(40);
        });
        time.advanceTime();
        assertThat(calls.indexOf("other")).isBetween(1, 17);
        assertThat(calls.stream().filter("write"::equals)).hasSize(40);
        assertThat(calls.get(calls.size() - 1)).isEqualTo("flush");
    }

    private void send() {
        link.send(source).subscribe();
        time.advanceTime();
        assertThat(calls).isEmpty();
    }

    /** Emits as the fair merge does: from its own loop, in which a request from within onNext is only counted. */
    private final class Source implements Publisher<ByteBuffer>, Subscription {
        private @Nullable Subscriber<? super ByteBuffer> actual;
        private long requested;
        private int waiting;
        private boolean emitting;

        void speak(int records) {
            loop.execute(() -> say(records));
            time.advanceTime();
        }

        void say(int records) {
            waiting += records;
            drain();
        }

        private void drain() {
            if (emitting || actual == null) {
                return;
            }
            emitting = true;
            while (requested > 0 && waiting > 0) {
                requested--;
                waiting--;
                actual.onNext(ByteBuffer.allocate(1));
            }
            emitting = false;
        }

        @Override
        public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
            actual = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            requested += n;
            drain();
        }

        @Override
        public void cancel() {
            waiting = 0;
        }
    }

    /** Notes what is asked of it, and takes so many records between two flushes. */
    private final class CountingLink extends AbstractLink {
        private int room = Integer.MAX_VALUE;
        private int written;

        CountingLink() {
            super(loop);
        }

        @Override
        protected void startReading() {}

        @Override
        protected void write(ByteBuffer record) {
            calls.add("write");
            written++;
        }

        @Override
        protected void flush() {
            calls.add("flush");
            written = 0;
        }

        @Override
        protected void flushThen(Runnable whenFlushed) {
            flush();
            whenFlushed.run();
        }

        @Override
        protected void endOutput() {}

        @Override
        protected void release() {}

        @Override
        public boolean writable() {
            return written < room;
        }

        @Override
        public SocketAddress remoteAddress() {
            return InetSocketAddress.createUnresolved("peer", 1);
        }

        @Override
        public SocketAddress localAddress() {
            return InetSocketAddress.createUnresolved("here", 1);
        }
    }
}
