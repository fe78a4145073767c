package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The memory of records is used again where nothing of them is kept: whatever a user, a handler or a queue does keep stays as
 * it came, among others that do not.
 */
class KeptPayloadsTest {

    private static final int ELEMENTS = 400;
    private static final int MOSTLY = 3_000;

    /** Fills a record alone. */
    private static final int LARGE = 65_500;

    /** Reads a payload where it lies and keeps nothing of it. */
    private static final class Reading implements Codec<Integer> {

        @Override
        public ByteBuffer encode(Integer number) {
            return ByteBuffer.wrap(payload(number));
        }

        @Override
        public boolean keepsPayload() {
            return false;
        }

        @Override
        public Integer decode(ByteBuffer payload) {
            int number = payload.getInt(payload.position());
            assertThat(bytes(payload)).isEqualTo(payload(number));
            return number;
        }
    }

    /** Begins with its number; the rest and the length follow from it. */
    private static byte[] payload(int number) {
        Random random = new Random(number);
        byte[] payload = new byte[number % 20 == 7 ? LARGE : 4 + random.nextInt(MOSTLY)];
        random.nextBytes(payload);
        ByteBuffer.wrap(payload).putInt(number);
        return payload;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void assertIntact(List<ByteBuffer> kept, int count) {
        assertThat(kept).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(bytes(kept.get(i))).as("payload " + i).isEqualTo(payload(i));
        }
    }

    private static Flux<ByteBuffer> payloads() {
        return Flux.range(0, ELEMENTS).map(KeptPayloadsTest::payload).map(ByteBuffer::wrap);
    }

    @Test
    void staysAsItCameBesideWhatIsNotKept() {
        List<ByteBuffer> messages = new ArrayList<>();
        List<ByteBuffer> requests = new ArrayList<>();
        List<ByteBuffer> replies = new ArrayList<>();
        List<ByteBuffer> elements = new ArrayList<>();
        List<Integer> read = new ArrayList<>();
        List<byte[]> copied = new ArrayList<>();
        Late late = new Late();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("kept", KeptPayloadsTest::send)
                .onStream("read", KeptPayloadsTest::send)
                .onStream("copied", KeptPayloadsTest::send)
                .onStream("late", KeptPayloadsTest::send)
                .onMessage("message", message -> {
                    messages.add(message.payload());
                    return Mono.empty();
                })
                .onRequest("request", request -> {
                    requests.add(request.payload());
                    return Mono.just(request.payload());
                }))) {
            open(pair, "late").receive(Codec.buffers()).subscribe(late);
            open(pair, "read").receive(new Reading()).subscribe(read::add);
            open(pair, "kept").receive(Codec.buffers()).subscribe(elements::add);
            open(pair, "copied").receive(Codec.bytes()).subscribe(copied::add);
            for (int i = 0; i < ELEMENTS; i++) {
                ByteBuffer payload = ByteBuffer.wrap(payload(i));
                pair.session.send("message", payload, Codec.buffers()).subscribe();
                pair.session
                        .request("request", payload, Codec.buffers(), Codec.buffers(), RequestOptions.defaults())
                        .subscribe(replies::add);
                pair.advance(NodePair.STEP);
                late.request(i % 3 == 0 ? 2 : 0);
            }
            late.request(ELEMENTS);
            pair.advance(Duration.ofSeconds(1));

            assertIntact(messages, ELEMENTS);
            assertIntact(requests, ELEMENTS);
            assertIntact(replies, ELEMENTS);
            assertIntact(elements, ELEMENTS);
            assertIntact(late.elements, ELEMENTS);
            assertThat(read).hasSize(ELEMENTS);
            assertIntact(copied.stream().map(ByteBuffer::wrap).toList(), ELEMENTS);
        }
    }

    @Test
    void staysAsItCameInTheQueueWhileTheMemoryOfRecordsIsUsedAgain() {
        byte[] large = payload(7);
        Late late = new Late();
        List<Integer> read = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onStream("read", KeptPayloadsTest::send)
                .onStream("late", stream -> stream.send(Mono.just(large), Codec.bytes())))) {
            open(pair, "late").receive(Codec.buffers()).subscribe(late);
            pair.advance(Duration.ofSeconds(1));
            open(pair, "read").receive(new Reading()).subscribe(read::add);
            pair.advance(Duration.ofSeconds(1));
            late.request(1);
            pair.advance(Duration.ofSeconds(1));

            assertThat(read).hasSize(ELEMENTS);
            assertThat(late.elements)
                    .singleElement()
                    .satisfies(element -> assertThat(bytes(element)).isEqualTo(large));
        }
    }

    private static Mono<Void> send(PeerStream stream) {
        return stream.send(payloads(), Codec.buffers());
    }

    private static PeerStream open(NodePair pair, String name) {
        return pair.session.openStream(name, StreamConfig.reliable());
    }

    /** Asks so slowly that elements wait in the queue. */
    private static final class Late extends BaseSubscriber<ByteBuffer> {
        final List<ByteBuffer> elements = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(@Nullable ByteBuffer element) {
            elements.add(element);
        }
    }
}
