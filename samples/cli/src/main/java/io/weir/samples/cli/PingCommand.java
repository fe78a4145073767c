package io.weir.samples.cli;

import io.weir.core.error.SessionClosedException;
import io.weir.reactive.PeerSession;
import io.weir.samples.cli.ping.PingDisplay;
import io.weir.samples.cli.ping.RoundTrips;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Measures round trips to a peer. */
@Command(
        description = {
            "Any program on Weir answers: weir receive, serve or pipe --listen, or your own. What the round trips took is "
                    + "shown as they are made, and printed on standard output at the end, also when broken off."
        },
        exitCodeList = {
            "0:each ping was answered",
            "1:no connection, an answer is missing, or the session ended",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT
        },
        footer = {
            "  weir ping 'tcp://127.0.0.1:7400#<peer id>'",
            "  weir ping 'tcp://127.0.0.1:7400#<peer id>' --count 10000 --interval 1"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PingCommand implements Callable<Integer> {

    private static final int MAX_COUNT = 100_000;
    private static final int MAX_INTERVAL_MILLIS = 60_000;

    private final Console console;
    private final AtomicBoolean summedUp = new AtomicBoolean();

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Mixin
    private AskedPeer peer;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many round trips, 1 to 100,000. Without it: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--interval",
            paramLabel = "MILLIS",
            defaultValue = "200",
            description = "Pause between an answer and the next ping, 0 to 60,000. Without it: ${DEFAULT-VALUE}.")
    private int intervalMillis;

    @Mixin
    private final TimeoutOption timeout = new TimeoutOption(10);

    @Mixin
    private JsonOption json;

    @Mixin
    private ProgressOption progress;

    PingCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        peer.check(spec);
        Main.checkRange("--count", count, 1, MAX_COUNT, spec);
        Main.checkRange("--interval", intervalMillis, 0, MAX_INTERVAL_MILLIS, spec);
        Duration patience = timeout.toDuration(spec);
        RoundTrips roundTrips = new RoundTrips(count);
        Runnable summary = () -> sumUp(roundTrips);
        try (OpenNode open = OpenNode.startNow(peer.node(), console, weir.verbose(), summary)) {
            PeerSession session = open.connectNow(peer.address());
            console.say("connected to " + session.peer());
            try (PingDisplay display = progress.startRoundTrips(console, count)) {
                open.waitNow(pings(session, patience)
                        .doOnNext(roundTrips::add)
                        .doOnNext(roundTrip -> display.show(roundTrips))
                        .then());
            }
        } finally {
            summary.run();
        }
        progress.finish(console);
        return ExitCode.OK;
    }

    private Flux<Duration> pings(PeerSession session, Duration patience) {
        Mono<Duration> ping = session.ping()
                .timeout(patience)
                .onErrorMap(
                        TimeoutException.class,
                        e -> new CommandException(
                                ExitCode.FAILED, "no answer to a ping within " + patience.toSeconds() + " s", e));
        Mono<Duration> next = ping.delaySubscription(Duration.ofMillis(intervalMillis));
        // A session that ends between two pings ends the command then, not at the next one.
        Mono<Duration> lost = session.onClose().flatMap(reason -> Mono.error(new SessionClosedException(reason)));
        return Flux.range(1, count)
                .concatMap(number -> number == 1 ? ping : next, 1)
                .takeUntilOther(lost);
    }

    private void sumUp(RoundTrips roundTrips) {
        if (summedUp.compareAndSet(false, true)) {
            roundTrips
                    .spread()
                    .ifPresent(spread -> console.print(
                            json.wanted()
                                    ? spread.json().toString()
                                    : spread.count()
                                            + (spread.count() == 1 ? " round trip: " : " round trips: ")
                                            + spread));
        }
    }
}
