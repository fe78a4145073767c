package io.weir.samples.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

final class NodesTest {

    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void whoIsRefusedWaitsAndLearnsWhyItIsOver() {
        Readiness.runNow(log::add);
        assertThat(log)
                .containsExactly(
                        "at least 2000 were sent: true",
                        "some had to wait: true",
                        "over because: CANCELLED, by the peer: REMOTE");
    }

    @Test
    void aNodeShowsItsConnectionsAndLetsGoOfThem() {
        Roster.runNow(log::add);
        assertThat(log)
                .containsExactly(
                        "tcp OUTBOUND READY, heard lately: true",
                        "tcp OUTBOUND READY, heard lately: true",
                        "bob is found: true",
                        "connections left: 0, wanted: 0",
                        "and again: READY");
    }

    @Test
    void jsonHasTypeArgumentsAndSaysWhatIsAbsent() {
        JsonTypes.run(log::add);
        assertThat(log)
                .containsExactly(
                        "[{\"symbol\":\"ACME\",\"price\":12.5,\"venue\":null}]",
                        "io.weir.samples.nodes.JsonTypes$Quote[\"price\"] is absent, which double cannot be: it must be sent, or"
                                + " declared with a type that may be absent, such as Integer, Double, Boolean or Optional",
                        "Quote[symbol=ACME, price=0.0, venue=Optional.empty]");
    }

    @Test
    void blockingCodeReadsFromTopToBottom() {
        Blocking.runNow(Schedulers.boundedElastic(), log::add);
        assertThat(log).containsExactly("1 squared is 1", "2 squared is 4", "3 squared is 9");
    }
}
