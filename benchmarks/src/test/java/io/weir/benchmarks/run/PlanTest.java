package io.weir.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.benchmarks.child.Peers;
import io.weir.benchmarks.peer.RequestPeer;
import io.weir.benchmarks.peer.Workloads;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Candidate BEFORE = new Candidate("weir@before", "weir", "/classes", "Weir before");

    @Test
    void leavesOutPeersOfAWorkloadThatTheyDoNotRun() {
        Plan plan = Plan.of(Workloads.select(List.of("R")), peers("weir", "raw-tls-each"), "");

        assertThat(plan.candidates().values())
                .extracting(all -> all.stream().map(Candidate::id).toList())
                .containsExactly(List.of("weir"), List.of("weir", "raw-tls-each"));
        assertThat(plan.mostProcesses()).isEqualTo(4);
    }

    @Test
    void putsSomethingBetweenPeersOverDatagramsOnly() {
        Plan plan = Plan.of(Workloads.select(List.of("L-3", "S-1K")), peers("weir", "weir-udp"), "");

        assertThat(plan.candidates().values())
                .extracting(all -> all.stream().map(Candidate::id).toList())
                .containsExactly(List.of("weir", "weir-udp"), List.of("weir-udp"));
    }

    @Test
    void asksForRequestsOnlyWhereSomebodyAnswersThem() {
        Plan plan = Plan.of(Workloads.select(List.of("S-1K", "R1")), peers("weir-udp", "raw-udp"), "");

        assertThat(plan.candidates().values())
                .extracting(all -> all.stream().map(Candidate::id).toList())
                .containsExactly(List.of("weir-udp", "raw-udp"), List.of("weir-udp"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestPeer.of(Peers.byId("raw-udp")))
                .withMessage("peer = raw-udp, legal: one that answers requests");
    }

    @Test
    void comparesWithWeirUnlessToldOtherwise() {
        assertThat(plan("", "raw", "weir").subject()).isEqualTo("weir");
        assertThat(plan("raw", "raw", "weir").subject()).isEqualTo("raw");
        assertThat(plan("", "raw", "rsocket").subject()).isEqualTo("raw");
    }

    @Test
    void refusesASubjectThatIsNotMeasured() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan("rsocket", "weir", "raw"))
                .withMessage("--subject = rsocket, legal: weir, raw");
    }

    @Test
    void putsBuildsOfWeirBehindWeir() {
        assertThat(Plan.merge(peers("weir", "raw"), List.of(BEFORE)))
                .extracting(Candidate::id)
                .containsExactly("weir", "weir@before", "raw");
        assertThat(Plan.merge(peers("raw"), List.of(BEFORE)))
                .extracting(Candidate::id)
                .containsExactly("weir@before", "raw");
    }

    @Test
    void refusesTheSamePeerTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plan.of(Workloads.all(), List.of(BEFORE, BEFORE), ""))
                .withMessageContaining("each once");
    }

    private static Plan plan(String subject, String... peers) {
        return Plan.of(Workloads.select(List.of("S-64")), peers(peers), subject);
    }

    private static List<Candidate> peers(String... ids) {
        return Stream.of(ids).map(Candidate::of).toList();
    }
}
