package io.weir.benchmarks.vote;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets both play, round by round in turn, and prints the medians of all rounds but the first two. */
@Command(
        name = "vote",
        mixinStandardHelpOptions = true,
        description = "Votes of Weir beside a raw UDP echo of the same sizes: one client, 256 in flight.")
public final class VoteCommand implements Callable<Integer> {

    private static final int HEADER = 2;
    private static final int NONCE = 16;
    private static final int ROOT = 32;
    private static final int WARM_UP_ROUNDS = 2;
    private static final int MICROS_IN_A_MILLI = 1_000;

    @Option(names = "--seconds", defaultValue = "5", description = "Of a round (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "5", description = "That count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--roots",
            defaultValue = "8",
            description = "In each question, 1 to 45 (default: ${DEFAULT-VALUE}).")
    private int roots;

    private final PrintWriter out = new PrintWriter(System.out, true);

    /** The command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new VoteCommand()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        int questionBytes = HEADER + NONCE + ROOT * roots;
        int answerBytes = HEADER + 1 + NONCE;
        Map<String, List<Round>> played = new LinkedHashMap<>();
        try (Contestant raw = new RawEcho(questionBytes, answerBytes);
                Contestant weir = new WeirVotes(roots)) {
            for (int i = 0; i < WARM_UP_ROUNDS + rounds; i++) {
                for (Contestant next : i % 2 == 0 ? List.of(raw, weir) : List.of(weir, raw)) {
                    Round round = next.play(Duration.ofSeconds(seconds));
                    if (i >= WARM_UP_ROUNDS) {
                        played.computeIfAbsent(next.name(), name -> new ArrayList<>())
                                .add(round);
                    }
                }
            }
            print(questionBytes, answerBytes, raw, weir, played);
        }
        return 0;
    }

    private void print(
            int questionBytes, int answerBytes, Contestant raw, Contestant weir, Map<String, List<Round>> played) {
        out.printf(
                "question %d bytes, answer %d bytes, %d in flight, %d rounds of %d s, JDK %s%n%n",
                questionBytes, answerBytes, Contestant.IN_FLIGHT, rounds, seconds, Runtime.version());
        out.println("| contestant | answers/s, median (min to max) | p50, us | p99, us | p99.9, us |");
        out.println("|---|---|---|---|---|");
        for (Contestant contestant : List.of(raw, weir)) {
            List<Round> its = of(contestant, played);
            out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f (%,.0f to %,.0f) | %.0f | %.0f | %.0f |%n",
                    contestant.name(),
                    median(its, Round::perSecond),
                    its.stream().mapToDouble(Round::perSecond).min().orElse(0),
                    its.stream().mapToDouble(Round::perSecond).max().orElse(0),
                    median(its, round -> round.micros(50)),
                    median(its, round -> round.micros(99)),
                    median(its, round -> round.micros(99.9)));
        }
        double rate = median(of(weir, played), Round::perSecond) / median(of(raw, played), Round::perSecond);
        double p99 = median(of(weir, played), round -> round.micros(99));
        out.printf(
                Locale.ROOT,
                "%nWeir/raw: %.2f (target 0.7: %s), p99 %.0f us (target under 1,000: %s)%n",
                rate,
                rate >= 0.7 ? "met" : "missed",
                p99,
                p99 < MICROS_IN_A_MILLI ? "met" : "missed");
    }

    private static List<Round> of(Contestant contestant, Map<String, List<Round>> played) {
        return played.getOrDefault(contestant.name(), List.of());
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> quantity) {
        double[] sorted = rounds.stream().mapToDouble(quantity).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElse(0);
    }
}
