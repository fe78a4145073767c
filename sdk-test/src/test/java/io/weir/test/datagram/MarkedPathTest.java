package io.weir.test.datagram;

import static io.weir.test.datagram.Ends.CLIENT;
import static io.weir.test.datagram.Ends.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.path.PathStats;
import io.weir.test.network.LinkProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Congestion that a router tells by marks in place of losses (ECN, RFC 3168), as a session's sender takes it. Virtual time, so exact. */
@Tag("once")
class MarkedPathTest {

    private static final double MBIT = 20;

    /** It holds 33 datagrams, and its queue as many. */
    private static final LinkProfile PATH = Ends.path(MBIT, 20);

    private static final int MARKED_ABOVE = 10;
    private static final int SECONDS = 10;

    @Test
    void marksReduceTheWindowAndNothingIsLost() {
        try (Ends ends = endless()) {
            ends.network.between(SERVER, CLIENT).markAbove(MARKED_ABOVE);
            Intake intake = ends.receive("endless");
            List<PathStats> told = sampled(ends);
            assertThat(last(told).lostPackets()).isZero();
            assertThat(reductions(told)).isGreaterThanOrEqualTo(3);
            assertThat(intake.bytes()).isGreaterThan((long) (0.85 * SECONDS * MBIT * 125_000));
            intake.assertRight();
        }
    }

    /** What the marks have told is told by losses then. */
    @Test
    void withoutMarksTheQueueOverflows() {
        try (Ends ends = endless()) {
            Intake intake = ends.receive("endless");
            assertThat(last(sampled(ends)).lostPackets()).isPositive();
            intake.assertRight();
        }
    }

    /** The sender notices that its marks do not arrive (RFC 9000 section 13.4.2), and waits for none. */
    @Test
    void whereARouterTakesMarksAwayTheQueueOverflowsToo() {
        try (Ends ends = endless()) {
            ends.network.between(SERVER, CLIENT).markAbove(MARKED_ABOVE).clearMarks(true);
            Intake intake = ends.receive("endless");
            List<PathStats> told = sampled(ends);
            assertThat(last(told).lostPackets()).isPositive();
            assertThat(reductions(told)).isPositive();
            intake.assertRight();
        }
    }

    private static Ends endless() {
        return new Ends(1, PATH).stream("endless", Ends.endless(16_000)).start();
    }

    /** What the server's path is like, each 10 ms from now on. */
    private static List<PathStats> sampled(Ends ends) {
        List<PathStats> told = new ArrayList<>();
        for (int i = 0; i < SECONDS * 100; i++) {
            ends.advanceMillis(10);
            ends.served().pathStats().subscribe(told::add);
        }
        return told;
    }

    private static PathStats last(List<PathStats> told) {
        return told.get(told.size() - 1);
    }

    /** How often the window was smaller by a tenth or more than 10 ms before. */
    private static int reductions(List<PathStats> told) {
        int reductions = 0;
        for (int i = 1; i < told.size(); i++) {
            if (told.get(i).congestionWindowBytes() < 0.9 * told.get(i - 1).congestionWindowBytes()) {
                reductions++;
            }
        }
        return reductions;
    }
}
