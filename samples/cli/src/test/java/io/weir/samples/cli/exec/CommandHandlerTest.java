package io.weir.samples.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The answers of {@code weir serve}, without a network. */
final class CommandHandlerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final PeerId PEER = Identity.generate().peerId();

    private final List<String> failures = new CopyOnWriteArrayList<>();

    @Test
    void requestsBeyondThePlacesAreAnsweredBusy() {
        try (CommandHandler handler = handler(1, Program.of("sleep", List.of("600")))) {
            List<Disposable> waiting = new ArrayList<>();
            for (int i = 0; i < CommandHandler.MOST; i++) {
                waiting.add(Flux.from(handler.handle(request())).subscribe(reply -> {}, error -> {}));
            }

            Throwable refused = failure(handler);

            assertThat(refused)
                    .isInstanceOfSatisfying(
                            RequestRefusedException.class,
                            e -> assertThat(e.reason().error()).isEqualTo(ErrorCode.BUSY));
            waiting.forEach(Disposable::dispose);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void noMoreProcessesThanAllowedRunAtOnce() {
        // each marks that it runs, sees whether another does, and unmarks: mkdir fails where the directory is
        String script = "mkdir \"$1\" && rmdir \"$1\"";
        String mark = System.getProperty("java.io.tmpdir") + "/weir-exec-" + PEER;
        try (CommandHandler handler = handler(1, Program.script(script, List.of(mark)))) {
            List<ByteBuffer> replies = Flux.range(0, 50)
                    .flatMap(i -> handler.handle(request()), 50)
                    .collectList()
                    .block(PATIENCE);

            assertThat(replies).hasSize(50);
        }
    }

    @Test
    void programThatCannotBeStartedIsReportedHere() {
        try (CommandHandler handler = handler(1, Program.of("/no/such/program", List.of()))) {
            assertThat(failure(handler)).isNotInstanceOf(RequestRefusedException.class);
        }
        assertThat(failures)
                .singleElement()
                .asString()
                .startsWith("no output for request 1 of " + PEER + ": Cannot run");
    }

    @Test
    void programThatReadsNothingMayStillAnswer() {
        try (CommandHandler handler = handler(2, Program.of("echo", List.of("done")))) {
            ByteBuffer reply =
                    Mono.from(handler.handle(request(new byte[1_000_000]))).block(PATIENCE);

            assertThat(StandardCharsets.UTF_8.decode(reply).toString()).isEqualTo("done\n");
        }
    }

    private CommandHandler handler(int processes, Program program) {
        return new CommandHandler(program, new ExecLimits(processes, 1_000, Duration.ofSeconds(60)), failures::add);
    }

    private static Throwable failure(CommandHandler handler) {
        return Mono.from(handler.handle(request()))
                .<Throwable>map(reply -> new AssertionError("a reply"))
                .onErrorResume(Mono::just)
                .block(PATIENCE);
    }

    private static Request request() {
        return request(new byte[0]);
    }

    private static Request request(byte[] payload) {
        return new Request() {
            @Override
            public PeerSession session() {
                throw new AssertionError("nobody needs the session");
            }

            @Override
            public PeerId peer() {
                return PEER;
            }

            @Override
            public long id() {
                return 1;
            }

            @Override
            public String route() {
                return "test";
            }

            @Override
            public Headers headers() {
                return Headers.empty();
            }

            @Override
            public Optional<Duration> remaining() {
                return Optional.empty();
            }

            @Override
            public ByteBuffer payload() {
                return ByteBuffer.wrap(payload);
            }
        };
    }
}
