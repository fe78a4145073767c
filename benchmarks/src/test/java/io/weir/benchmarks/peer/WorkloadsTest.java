package io.weir.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadsTest {
    @Test
    void aGroupStandsForAllOfItsWorkloads() {
        assertThat(Workloads.select(List.of("s"))).extracting(Workload::id).containsExactly("S-64", "S-1K", "S-16K");
    }

    @Test
    void selectsInTableOrderWithoutRepetitions() {
        assertThat(Workloads.select(List.of("F", "s-1k", "S-1K")))
                .extracting(Workload::id)
                .containsExactly("S-1K", "F-1K");
    }

    @Test
    void namesTheLegalWorkloadsWhenOneIsUnknown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Workloads.select(List.of("X")))
                .withMessage("unknown workload 'X', legal: S, F, R, L, S-64, S-1K, S-16K, F-1K, R1, R256, "
                        + "L-0, L-0.1, L-1, L-3, L-G4, L-G3");
    }
}
