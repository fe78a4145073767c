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
import io.weir.samples.cli.ticket.Destination;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            "  weir vote weir1vH0... --root <64 digits>              at a ticket's address of UDP",
            "  weir vote udp://a:7400 udp://b:7400 udp://c:7400 --root <64 digits> --root - --timeout 5"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class VoteCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Parameters(
            arity = "1..*",
            paramLabel = "ADDR",
            description = "Where they listen: udp://HOST:PORT, or a ticket with such an address.")
    private List<Destination> nodes;

    @Mixin
    private RootsOption roots;

    @Mixin
    private final TimeoutOption timeout = new TimeoutOption(32);

    @Mixin
    private JsonOption json;

    VoteCommand(Console console) {
        this.console = console;
    }

    /** What came of one question. */
    private record Answer(Destination from, @Nullable Vote vote, String words) {}

    @Override
    public Integer call() {
        VoteOptions options = VoteOptions.defaults().withTimeout(timeout.toDuration(spec));
        List<Destination> asked = nodes.stream().map(this::overUdp).toList();
        RootSet held = roots.load(spec);
        try (OpenNode open = OpenNode.startNow(Weir.node(), console, weir.verbose())) {
            Flux<Answer> answers = Flux.fromIterable(asked)
                    .flatMapSequential(one -> ask(open.node(), one, held, options), asked.size())
                    .doOnNext(this::print);
            Vote majority = open.waitNow(answers.collectList()
                    .flatMap(all -> Votes.majority(Flux.fromIterable(all).mapNotNull(Answer::vote), asked.size())));
            String result = majority == null ? "none" : words(majority);
            console.print(
                    json.wanted() ? new JsonObject().put("majority", result).toString() : "majority: " + result);
            return majority == Vote.AGREE ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /**
     * Its addresses that a vote can be asked at.
     *
     * @throws ParameterException a mistake of usage: there are none
     */
    private Destination overUdp(Destination node) {
        Main.checkCanBeDialled(node, spec);
        List<PeerAddress> places = node.addresses().stream()
                .filter(address -> address.scheme().equals(PeerAddress.UDP))
                .toList();
        if (places.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "address " + node + ": votes go over udp://");
        }
        return new Destination(places);
    }

    /** Asks at whichever of its addresses answers first. */
    private static Mono<Answer> ask(PeerNode node, Destination whom, RootSet held, VoteOptions options) {
        return OpenNode.firstOf(whom, address -> node.vote(address, held, options))
                .map(vote -> new Answer(whom, vote, words(vote)))
                .onErrorResume(
                        e -> e instanceof WeirException || e instanceof NoSuchElementException,
                        e -> Mono.just(new Answer(
                                whom, null, "no answer: " + OpenNode.worstOf(e).getMessage())));
    }

    private void print(Answer answer) {
        String address = answer.from().toString();
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
