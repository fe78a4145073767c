package io.weir.test.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@link MixedLoad} for {@code -Dweir.soak.minutes}, by default an hour: nothing accepted is lost, every count adds up, and the memory
 * that is in use does not grow.
 */
class MixedLoadSoakTest {

    @Test
    @Tag("soak")
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void memoryStaysFlatAndNothingIsLostForALongTime() throws Exception {
        List<UsedMemory> used = soak(Soak.length(60));

        UsedMemory.assertFlat(used);
    }

    /** The same for a moment, too short to tell anything of memory. */
    @Test
    void everyCountAddsUp() throws Exception {
        assertThat(soak(Duration.ofSeconds(5))).isNotEmpty();
    }

    private static List<UsedMemory> soak(Duration length) throws Exception {
        try (MixedLoad load = new MixedLoad()) {
            return Soak.run(load, length);
        }
    }
}
