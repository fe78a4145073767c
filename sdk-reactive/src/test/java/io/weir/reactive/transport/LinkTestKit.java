package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.PeerAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What tests of transports share: pairs of links, seeded bytes, checksums, and waiting for a condition. */
public final class LinkTestKit {
    /** Longer than anything here takes; only a failure waits for it. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private LinkTestKit() {}

    /** Both ends of one link. */
    public record Pair(Link dialled, Link accepted) {}

    /**
     * Links that a listener has accepted, in order. The queue's producers take no lock: where BlockHound watches, a lock
     * that a loop has to wait for throws half-way, and whoever waits for it then waits for ever.
     */
    public static final class Accepted {
        private final BlockingQueue<Link> links = new LinkedTransferQueue<>();

        public void add(Link link) {
            assertThat(link.loop().inLoop()).as("accepted on the link's loop").isTrue();
            links.add(link);
        }

        public Link next() {
            try {
                return Objects.requireNonNull(
                        links.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "no link was accepted in time");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Counts and sums what a link delivers, and checks where it is delivered. */
    public static final class Sum {
        private final CRC32 crc = new CRC32();
        private long bytes;

        public synchronized long bytes() {
            return bytes;
        }

        public synchronized long crc() {
            return crc.getValue();
        }

        synchronized void add(ByteBuffer chunk) {
            bytes += chunk.remaining();
            crc.update(chunk);
        }
    }

    public static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }

    public static void awaitEnd(Mono<?> mono) {
        mono.then().block(PATIENCE);
    }

    public static void awaitTrue(String what, BooleanSupplier condition) {
        awaitTrue(what, condition, PATIENCE);
    }

    public static void awaitTrue(String what, BooleanSupplier condition, Duration patience) {
        Flux.interval(Duration.ofMillis(1))
                .onBackpressureDrop()
                .filter(tick -> condition.getAsBoolean())
                .next()
                .timeout(patience, Mono.error(() -> new AssertionError("waited in vain until " + what)))
                .block();
    }

    /** Waits until a counter has not moved for a while, and returns it. */
    public static long awaitStandstill(LongSupplier counter) {
        return await(Flux.interval(Duration.ofMillis(100))
                .onBackpressureDrop()
                .map(tick -> counter.getAsLong())
                .buffer(4, 1)
                .filter(window -> window.size() == 4 && window.get(0).equals(window.get(3)))
                .map(window -> window.get(3))
                .next()
                .timeout(PATIENCE));
    }

    public static Pair pair(LinkTransport transport, PeerAddress anywhere) {
        Accepted accepted = new Accepted();
        LinkListener listener = await(transport.listen(anywhere, accepted::add));
        Link dialled = await(transport.connect(listener.address(), PATIENCE));
        Pair pair = new Pair(dialled, accepted.next());
        awaitEnd(listener.close());
        return pair;
    }

    /** Reads everything; completes or fails as the link's inbound does. */
    public static Mono<Sum> sum(Link link) {
        Sum sum = new Sum();
        return read(link, sum).thenReturn(sum);
    }

    public static Mono<Void> read(Link link, Sum into) {
        return link.inbound()
                .doOnNext(chunk -> {
                    assertThat(link.loop().inLoop())
                            .as("read on the link's loop")
                            .isTrue();
                    into.add(chunk);
                })
                .doOnTerminate(() -> assertThat(link.loop().inLoop())
                        .as("ended on the link's loop")
                        .isTrue())
                .then();
    }

    /** Everything read, as text. */
    public static Mono<String> text(Link link) {
        return link.inbound()
                .reduce(new StringBuilder(), (text, chunk) -> {
                    while (chunk.hasRemaining()) {
                        text.append((char) (chunk.get() & 0xff));
                    }
                    return text;
                })
                .map(StringBuilder::toString);
    }

    /** Records of random length and content, all in one reused array, as a session's would be. */
    public static Flux<ByteBuffer> randomRecords(long seed, long totalBytes, int maxRecord, Sum into) {
        return Flux.defer(() -> {
            Random random = new Random(seed);
            byte[] array = new byte[maxRecord];
            return Flux.generate(sink -> {
                int length = (int) Math.min(totalBytes - into.bytes(), 1 + random.nextInt(maxRecord));
                if (length == 0) {
                    sink.complete();
                    return;
                }
                random.nextBytes(array);
                into.add(ByteBuffer.wrap(array, 0, length));
                sink.next(ByteBuffer.wrap(array, 0, length));
            });
        });
    }

    public static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    public static Mono<Void> send(Link link, String... texts) {
        return link.send(Flux.fromArray(texts).map(LinkTestKit::bytes));
    }
}
