package io.weir.benchmarks.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeersTest {
    @Test
    void everyPeerIsRegisteredUnderItsOwnId() {
        assertThat(Peers.ids()).allSatisfy(id -> assertThat(Peers.byId(id).id()).isEqualTo(id));
    }

    @Test
    void selectsInTableOrderWithoutRepetitions() {
        assertThat(Peers.select(List.of("rsocket", "RAW ", "raw"))).containsExactly("raw", "rsocket");
        assertThat(Peers.select(List.of("raw", "all"))).isEqualTo(Peers.ids());
    }

    @Test
    void groupsArePartsOfAll() {
        List<String> both = new ArrayList<>(Peers.select(List.of("tcp")));
        both.addAll(Peers.select(List.of("udp")));

        assertThat(both).isEqualTo(Peers.ids());
        assertThat(Peers.select(List.of(Peers.TCP)))
                .contains("weir", "rsocket-tls")
                .doesNotContain("weir-udp");
    }

    @Test
    void namesTheLegalPeersWhenOneIsUnknown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Peers.select(List.of("raw", "grpc")))
                .withMessageContaining("'grpc'")
                .withMessageContaining("all, tcp, udp, weir, weir-jdk, weir-metrics, raw")
                .withMessageContaining("rsocket-tls");
    }
}
