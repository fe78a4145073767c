package io.weir.core.peer;

import static io.weir.core.peer.SessionContest.Verdict.ADMIT;
import static io.weir.core.peer.SessionContest.Verdict.PROBE;
import static io.weir.core.peer.SessionContest.Verdict.REPLACE;
import static io.weir.core.peer.SessionContest.Verdict.YIELD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.SessionContest.Incumbent;
import io.weir.core.peer.SessionContest.Newcomer;
import io.weir.core.peer.SessionContest.Proof;
import io.weir.core.peer.SessionContest.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SessionContestTest {

    private static final long[] RUNS = {0, 1, 2, -1};

    private final PeerId low;
    private final PeerId high;

    /** Two keys whose first bytes compare differently with signs. */
    SessionContestTest() {
        RandomBytes random = new SplittableRandom(7)::nextBytes;
        PeerId small;
        do {
            small = Identity.generate(random).peerId();
        } while (small.bytes()[0] < 0);
        PeerId large;
        do {
            large = Identity.generate(random).peerId();
        } while (large.bytes()[0] >= 0);
        low = small;
        high = large;
    }

    // ---- nobody there yet

    @ParameterizedTest(name = "own key is {0}, dialled here {1}, another dial {2}: {3}")
    @CsvSource({
        "lower,  false, false, ADMIT",
        "lower,  false, true,  HOLD",
        "lower,  true,  false, ADMIT",
        "lower,  true,  true,  HOLD",
        "higher, false, false, ADMIT",
        "higher, false, true,  ADMIT",
        "higher, true,  false, ADMIT",
        "higher, true,  true,  HOLD"
    })
    void decidesBySideAndKeyWhileThereIsNoSession(String key, boolean dialledHere, boolean dialling, Verdict verdict) {
        for (long run : RUNS) {
            assertThat(rules(key).decide(new Newcomer(dialledHere, 2, run), dialling, null))
                    .isEqualTo(verdict);
        }
    }

    @Test
    void letsOneOfTwoThatDialEachOtherSpeakAtMost() {
        for (boolean lowDials : new boolean[] {false, true}) {
            for (boolean highDials : new boolean[] {false, true}) {
                Verdict atLow = rules("lower").decide(new Newcomer(false, 2, 5), lowDials, null);
                Verdict atHigh = rules("higher").decide(new Newcomer(false, 2, 6), highDials, null);
                boolean both = highDials && atLow == ADMIT && lowDials && atHigh == ADMIT;
                assertThat(both).isFalse();
                boolean somebody = lowDials && atHigh == ADMIT || highDials && atLow == ADMIT;
                assertThat(somebody).isEqualTo(lowDials || highDials);
            }
        }
    }

    // ---- a session lives

    @ParameterizedTest
    @EnumSource(Proof.class)
    void judgesEveryNewcomerBesideALiveSession(Proof proof) {
        int cases = 0;
        for (Newcomer newcomer : newcomers()) {
            for (long run : RUNS) {
                for (boolean fresh : new boolean[] {false, true}) {
                    Incumbent incumbent = new Incumbent(2, run, fresh, proof);
                    for (String key : List.of("lower", "higher")) {
                        for (boolean dialling : new boolean[] {false, true}) {
                            assertThat(rules(key).decide(newcomer, dialling, incumbent))
                                    .as("%s beside %s", newcomer, incumbent)
                                    .isEqualTo(expected(newcomer, incumbent));
                            cases++;
                        }
                    }
                }
            }
        }
        assertThat(cases).isEqualTo(2 * 2 * RUNS.length * RUNS.length * 2 * 2 * 2);
    }

    /** The prose of PROTOCOL section 5, once more. */
    private static Verdict expected(Newcomer newcomer, Incumbent incumbent) {
        boolean runsKnown = newcomer.incarnation() != 0 && incumbent.incarnation() != 0;
        boolean otherRun = runsKnown && newcomer.incarnation() != incumbent.incarnation();
        boolean beganLater = newcomer.number() > incumbent.number();
        if (otherRun && beganLater && !incumbent.fresh()) {
            return REPLACE;
        }
        return incumbent.proof() == Proof.NONE ? PROBE : incumbent.proof() == Proof.ALIVE ? YIELD : REPLACE;
    }

    private static List<Newcomer> newcomers() {
        List<Newcomer> all = new ArrayList<>();
        for (long run : RUNS) {
            for (long number : new long[] {1, 3}) {
                all.add(new Newcomer(false, number, run));
                all.add(new Newcomer(true, number, run));
            }
        }
        return all;
    }

    @Test
    void letsARestartedPeerInAtOnce() {
        assertThat(inbound(3, 9, new Incumbent(2, 8, false, Proof.NONE))).isEqualTo(REPLACE);
    }

    @Test
    void doesNotTakeALateConnectionOfAnEarlierRunForARestart() {
        assertThat(inbound(1, 8, new Incumbent(2, 9, false, Proof.NONE))).isEqualTo(PROBE);
    }

    @Test
    void doesNotLetTwoProcessesOfOneIdentityOustEachOtherInTurns() {
        Incumbent ouster = new Incumbent(2, 8, true, Proof.NONE);
        assertThat(inbound(3, 9, ouster)).isEqualTo(PROBE);
        assertThat(inbound(3, 9, new Incumbent(2, 8, true, Proof.ALIVE))).isEqualTo(YIELD);
    }

    @Test
    void probesWhereThePeerHasNamedNoRun() {
        assertThat(inbound(3, 0, new Incumbent(2, 8, false, Proof.NONE))).isEqualTo(PROBE);
        assertThat(inbound(3, 8, new Incumbent(2, 0, false, Proof.NONE))).isEqualTo(PROBE);
    }

    @Test
    void refusesToContendWithItself() {
        assertThatThrownBy(() -> new SessionContest(low, PeerId.of(low.bytes())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be this node itself");
    }

    private Verdict inbound(long number, long run, @Nullable Incumbent incumbent) {
        return rules("lower").decide(new Newcomer(false, number, run), false, incumbent);
    }

    private SessionContest rules(String key) {
        return key.equals("lower") ? new SessionContest(low, high) : new SessionContest(high, low);
    }
}
