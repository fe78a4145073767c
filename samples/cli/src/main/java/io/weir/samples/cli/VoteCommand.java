package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.error.WeirException;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.VoteOptions;
import io.weir.reactive.integrity.Votes;
import io.weir.samples.cli.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks nodes whether they hold the same roots. */
@Command(
        description = {
            "A line for each address on standard output, agree, disagree or no answer, and the majority of all who were asked "
                    + "behind them. Whoever sees the question can answer in a node's place: this compares, it proves nothing "
                    + "about who is there."
        },
        exitCodeList = {
            "0:more than half of those who were asked agree",
            "1:they do not, or too few answered",
            ExitCode.USAGE_TEXT
        },
        footer = {
            "  weir serve --exec cat --port 7400 --root <64 digits>",
            "  weir vote udp://127.0.0.1:7400 --root <64 digits>",
            "  weir vote udp://a:7400 udp://b:7400 udp://c:7400 --root <64 digits> --root - --timeout 5"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class VoteCommand implements Callable<Integer> {

    private static final int MAX_SECONDS = 3_600;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Parameters(arity = "1..*", paramLabel = "ADDR", description = "Where they listen: udp://HOST:PORT.")
    private List<PeerAddress> addresses;

    @Mixin
    private RootsOption roots;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "32",
            description = "How long to wait for the answers, 1 to 3,600. Without it: ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    @Mixin
    private JsonOption json;

    VoteCommand(Console console) {
        this.console = console;
    }

    /** What came of one question. */
    private record Answer(PeerAddress from, @Nullable Vote vote, String words) {}

    @Override
    public Integer call() {
        Main.checkRange("--timeout", timeoutSeconds, 1, MAX_SECONDS, spec);
        for (PeerAddress address : addresses) {
            Main.checkCanBeDialled(address, spec);
            if (!address.scheme().equals(PeerAddress.UDP)) {
                throw new ParameterException(spec.commandLine(), "address " + address + ": votes go over udp://");
            }
        }
        RootSet asked = roots.load(spec);
        try (OpenNode open = OpenNode.startNow(Weir.node(), console, weir.verbose())) {
            Flux<Answer> answers = Flux.fromIterable(addresses)
                    .flatMapSequential(address -> ask(open.node(), address, asked), addresses.size())
                    .doOnNext(this::print);
            Vote majority = open.waitNow(answers.collectList()
                    .flatMap(all -> Votes.majority(Flux.fromIterable(all).mapNotNull(Answer::vote), addresses.size())));
            String result = majority == null ? "none" : words(majority);
            console.print(
                    json.wanted() ? new JsonObject().put("majority", result).toString() : "majority: " + result);
            return majority == Vote.AGREE ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private Mono<Answer> ask(PeerNode node, PeerAddress address, RootSet asked) {
        VoteOptions options = VoteOptions.defaults().withTimeout(Duration.ofSeconds(timeoutSeconds));
        return node.vote(address, asked, options)
                .map(vote -> new Answer(address, vote, words(vote)))
                .onErrorResume(
                        WeirException.class,
                        e -> Mono.just(new Answer(
                                address,
                                null,
                                "no answer: " + CommandException.of(e).getMessage())));
    }

    private void print(Answer answer) {
        String address = answer.from().expecting(null).toString();
        console.print(
                json.wanted()
                        ? new JsonObject()
                                .put("address", address)
                                .put("vote", answer.words())
                                .toString()
                        : address + ": " + answer.words());
    }

    private static String words(Vote vote) {
        return vote.name().toLowerCase(Locale.ROOT);
    }
}
