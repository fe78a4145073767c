package io.weir.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildOptionTest {
    @Test
    void hasANameAndAPlace() {
        BuildOption option = BuildOption.parse("before=HEAD~2");

        assertThat(option).isEqualTo(new BuildOption("before", "HEAD~2"));
        assertThat(option.id()).isEqualTo("weir@before");
    }

    @Test
    void keepsWhatFollowsTheFirstEqualsSign() {
        assertThat(BuildOption.parse("a=/tmp/x=y").where()).isEqualTo("/tmp/x=y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "=HEAD", "a=", "a b=HEAD", "../a=HEAD", "a=--upload-pack"})
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BuildOption.parse(text))
                .withMessageContaining("--build = " + text)
                .withMessageContaining("NAME=COMMIT");
    }
}
