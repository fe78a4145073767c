package io.weir.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void listsTheHeaviestFirstWithTheirShare() {
        Tally tally = new Tally();
        tally.add("light", 1);
        tally.add("heavy", 5);
        tally.add("heavy", 1);
        tally.add("middle", 3);

        assertThat(tally.render("frames", 2, tally.total()).lines())
                .containsExactly("frames:", "   60.0 %  heavy", "   30.0 %  middle");
    }

    @Test
    void saysNothingWhenThereIsNothing() {
        assertThat(new Tally().render("frames", 2, 0)).isEmpty();
    }
}
