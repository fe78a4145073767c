package io.weir.benchmarks.vote;

import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.VoteCodec;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
        int questionBytes = HEADER + VoteCodec.NONCE_LENGTH + RootSet.ROOT_LENGTH * roots;
        int answerBytes = HEADER + 1 + VoteCodec.NONCE_LENGTH;
        try (Contestant raw = new RawEcho(questionBytes, answerBytes);
                Contestant weir = new WeirVotes(roots)) {
            Played echo = Played.by(raw);
            Played votes = Played.by(weir);
            for (int i = 0; i < WARM_UP_ROUNDS + rounds; i++) {
                for (Played next : i % 2 == 0 ? List.of(echo, votes) : List.of(votes, echo)) {
                    Round round = next.contestant().play(Duration.ofSeconds(seconds));
                    if (i >= WARM_UP_ROUNDS) {
                        next.rounds().add(round);
                    }
                }
            }
            out.printf(
                    "question %d bytes, answer %d bytes, %d in flight, %d rounds of %d s, JDK %s%n%n",
                    questionBytes, answerBytes, Contestant.IN_FLIGHT, rounds, seconds, Runtime.version());
            print(echo, votes);
        }
        return 0;
    }

    private void print(Played echo, Played votes) {
        out.println("| contestant | answers/s, median (min to max) | p50, us | p99, us | p99.9, us |");
        out.println("|---|---|---|---|---|");
        for (Played played : List.of(echo, votes)) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f (%,.0f to %,.0f) | %.0f | %.0f | %.0f |%n",
                    played.contestant().name(),
                    played.perSecond().median(),
                    played.perSecond().min(),
                    played.perSecond().max(),
                    played.micros(50),
                    played.micros(99),
                    played.micros(99.9));
        }
        double rate = votes.perSecond().median() / echo.perSecond().median();
        double p99 = votes.micros(99);
        out.printf(
                Locale.ROOT,
                "%nWeir/raw: %.2f (target 0.7: %s), p99 %.0f us (target under 1,000: %s)%n",
                rate,
                rate >= 0.7 ? "met" : "missed",
                p99,
                p99 < MICROS_IN_A_MILLI ? "met" : "missed");
    }
}
