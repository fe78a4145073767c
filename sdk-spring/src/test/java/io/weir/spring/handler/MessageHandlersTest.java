package io.weir.spring.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.PeerId;
import io.weir.core.wire.Headers;
import io.weir.reactive.Message;
import io.weir.reactive.codec.Codec;
import io.weir.spring.WeirHeader;
import io.weir.spring.WeirMessageHandler;
import io.weir.spring.WeirRequestHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class MessageHandlersTest {

    record Reading(double value) {}

    static class Readings {

        final List<String> taken = new ArrayList<>();

        @WeirMessageHandler("reading")
        Mono<Void> onReading(Reading reading, PeerId from, @WeirHeader("unit") String unit) {
            return Mono.fromRunnable(() -> taken.add(reading.value() + " " + unit));
        }

        @WeirMessageHandler("plain")
        void plain(String text, Message message) {
            taken.add(text + " " + message.name());
        }

        @WeirRequestHandler("answer")
        String answer() {
            taken.add("answer");
            return "";
        }
    }

    @Test
    void takesMessages() {
        try (Handled handled = Handled.by(Readings.class)) {
            handled.nodes()
                    .session("client", "server")
                    .send("reading", Headers.of("unit", "K"), new Reading(1.5), Codec.json(Reading.class))
                    .block();
            handled.nodes()
                    .session("client", "server")
                    .send("plain", "text", Codec.utf8())
                    .block();

            assertThat(handled.bean(Readings.class).taken).containsExactly("1.5 K", "text plain");
        }
    }

    @Test
    void whoReturnsNoPublisherIsCalledWhereItMayBlock() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        try (Handled handled = Handled.on(Schedulers.fromExecutor(waiting::add), Readings.class)) {
            handled.nodes()
                    .session("client", "server")
                    .send("plain", "text", Codec.utf8())
                    .subscribe();
            handled.nodes()
                    .session("client", "server")
                    .request("answer", "", Codec.utf8(), Codec.utf8())
                    .subscribe();
            assertThat(handled.bean(Readings.class).taken).isEmpty();

            while (!waiting.isEmpty()) {
                waiting.remove().run();
            }

            assertThat(handled.bean(Readings.class).taken).containsExactly("text plain", "answer");
        }
    }
}
