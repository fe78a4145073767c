package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerStream;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A codec that encodes every value into one buffer, as its contract allows: nobody else's bytes are sent with it. */
class ScratchCodecTest {

    private static final List<String> NAMES = List.of("left", "right");
    private static final int COUNT = 40;

    private final Map<String, Slow> slow = new HashMap<>();

    /** Of a quarter of the window, so that credit lacks; of more than the window, in fragments; and of what fills records. */
    @ParameterizedTest
    @CsvSource({"16000, false", "200000, false", "200000, true", "3000, false"})
    void eachStreamsElementsAreItsOwnThoughBothWaitForCreditInOneBuffer(int size, boolean sized) {
        try (NodePair pair = NodePair.of(this::slowly)) {
            Scratch codec = new Scratch(sized);
            for (String name : NAMES) {
                pair.session
                        .openStream(name, StreamConfig.reliable().withFixedWindow(65_536))
                        .send(Flux.range(0, COUNT).map(i -> text(name, i, size)), codec)
                        .subscribe();
            }
            pair.settle();

            for (int i = 0; i < COUNT; i++) {
                slow.values().forEach(each -> each.request(1));
                pair.settle();
            }

            assertEachHas(size);
        }
    }

    @Test
    void whatTrySendHasAcceptedStaysAsItWas() {
        try (NodePair pair = NodePair.of(this::slowly)) {
            Scratch codec = new Scratch(false);
            List<PeerStream> streams = NAMES.stream()
                    .map(name -> pair.session.openStream(name, StreamConfig.reliable()))
                    .toList();
            for (int i = 0; i < COUNT; i++) {
                for (PeerStream stream : streams) {
                    assertThat(stream.trySend(text(stream.name(), i, 1_000), codec))
                            .isEqualTo(TrySend.OK);
                }
            }
            slow.values().forEach(each -> each.request(COUNT));
            pair.settle();
            slow.values().forEach(each -> each.request(COUNT));
            pair.settle();

            assertEachHas(1_000);
        }
    }

    @Test
    void requestsAndRepliesThatWaitForTheirWindowsStayAsTheyWere() {
        Scratch codec = new Scratch(false);
        Map<String, Sinks.One<String>> replies = new HashMap<>();
        List<String> heard = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest(
                "echo",
                RequestHandler.typed(
                        codec,
                        codec,
                        text -> replies.computeIfAbsent(text, key -> Sinks.one())
                                .asMono())))) {
            List<String> texts = IntStream.range(0, COUNT)
                    .mapToObj(i -> text("request", i, 60_000))
                    .toList();
            for (String text : texts) {
                pair.session.request("echo", text, codec, codec).subscribe(heard::add);
            }
            pair.settle();
            while (heard.size() < COUNT) {
                int before = heard.size();
                List.copyOf(replies.keySet()).forEach(text -> replies.get(text).tryEmitValue(text));
                pair.settle();
                assertThat(heard).hasSizeGreaterThan(before);
            }

            assertThat(heard).containsExactlyInAnyOrderElementsOf(texts);
        }
    }

    @Test
    void oneWayMessagesThatWaitForTheWindowStayAsTheyWere() {
        Scratch codec = new Scratch(false);
        List<String> heard = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onMessage(
                "log", message -> Mono.fromRunnable(() -> heard.add(codec.decode(message.payload())))))) {
            List<String> texts = IntStream.range(0, COUNT)
                    .mapToObj(i -> text("message", i, 60_000))
                    .toList();
            texts.forEach(text -> pair.session.send("log", text, codec).subscribe());
            pair.settle();

            assertThat(heard).containsExactlyElementsOf(texts);
        }
    }

    private PeerNodeSpec slowly(PeerNodeSpec spec) {
        for (String name : NAMES) {
            Slow subscriber = new Slow();
            slow.put(name, subscriber);
            spec = spec.onStream(
                    name,
                    stream ->
                            Mono.fromRunnable(() -> stream.receive(Codec.utf8()).subscribe(subscriber)));
        }
        return spec;
    }

    private void assertEachHas(int size) {
        slow.forEach((name, subscriber) -> {
            assertThat(subscriber.taken).as(name).hasSize(COUNT);
            for (int i = 0; i < COUNT; i++) {
                assertThat(subscriber.taken.get(i).equals(text(name, i, size)))
                        .as("element %d of %s is its own", i, name)
                        .isTrue();
            }
        });
    }

    private static String text(String name, int number, int size) {
        String word = name + " " + number + " ";
        return word.repeat(size / word.length() + 1).substring(0, size);
    }

    /** Takes what it is told to. */
    private static final class Slow extends BaseSubscriber<String> {
        final List<String> taken = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // asks for nothing by itself
        }

        @Override
        protected void hookOnNext(String value) {
            taken.add(value);
        }
    }

    /** Encodes into one buffer, whose content is valid until the next value. */
    private static final class Scratch implements Codec<String> {
        private final ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
        private final boolean sized;

        Scratch(boolean sized) {
            this.sized = sized;
        }

        @Override
        public int sizeOf(String value) {
            return sized ? value.length() : -1;
        }

        @Override
        public ByteBuffer encode(String value) {
            return buffer.clear().put(value.getBytes(StandardCharsets.UTF_8)).flip();
        }

        @Override
        public String decode(ByteBuffer payload) {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }
    }
}
