package io.weir.samples.cli;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.samples.cli.json.JsonObject;
import io.weir.samples.cli.stats.StatsText;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Shows what a node has done. */
@Command(
        description = {
            "The node must allow it to this identity: weir receive or serve with --stats-to. A line for each figure on "
                    + "standard output, and an empty one behind each snapshot; figures named by a reason are there once it "
                    + "has happened."
        },
        exitCodeList = {
            "0:it was shown, as often as was asked for",
            "1:no connection, or it is not told",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT
        },
        footer = {
            "  weir serve --exec sort --port 7400 --stats-to $(weir id me.key)",
            "  weir stats 'tcp://127.0.0.1:7400#<peer id>' --identity me.key",
            "  weir stats 'tcp://127.0.0.1:7400#<peer id>' --identity me.key --count 60 --interval 1 --json"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class StatsCommand implements Callable<Integer> {

    private static final int MAX_COUNT = 1_000_000;
    private static final int MAX_SECONDS = 3_600;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Mixin
    private AskedPeer peer;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many snapshots, 1 to 1,000,000. Without it: ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "From one to the next, 1 to 3,600. Without it: ${DEFAULT-VALUE}.")
    private int intervalSeconds;

    @Mixin
    private JsonOption json;

    StatsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        peer.check(spec);
        Main.checkRange("--count", count, 1, MAX_COUNT, spec);
        Main.checkRange("--interval", intervalSeconds, 1, MAX_SECONDS, spec);
        try (OpenNode open = OpenNode.startNow(peer.node(), console, weir.verbose())) {
            PeerSession session = open.connectNow(peer.address());
            Mono<String> snapshot = session.request(StatsOption.ROUTE, "", Codec.utf8(), Codec.utf8())
                    .onErrorMap(
                            ReplyMissingException.class,
                            e -> explained(e, open.node().id()));
            Mono<String> next = snapshot.delaySubscription(Duration.ofSeconds(intervalSeconds));
            open.waitNow(Flux.range(1, count)
                    .concatMap(number -> number == 1 ? snapshot : next, 1)
                    .map(StatsText::read)
                    .doOnNext(this::print)
                    .then());
        }
        return ExitCode.OK;
    }

    private static Throwable explained(ReplyMissingException e, PeerId self) {
        ErrorCode why = e.reason().error();
        return why != ErrorCode.NO_HANDLER && why != ErrorCode.NOT_ADMITTED
                ? e
                : new CommandException(
                        CommandException.of(e).exitCode(),
                        "the peer does not tell this identity, " + self + ": there, --stats-to names whom it tells ("
                                + why + ")",
                        e);
    }

    private void print(Map<String, Long> figures) {
        if (json.wanted()) {
            JsonObject line = new JsonObject();
            figures.forEach(line::put);
            console.print(line.toString());
            return;
        }
        int widest = figures.keySet().stream().mapToInt(String::length).max().orElse(1);
        figures.forEach((name, value) -> console.print(String.format("%-" + widest + "s %,15d", name, value)));
        console.print("");
    }
}
