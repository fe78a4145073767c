package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.Frame;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandleSetTest {

    private static final long FIRST = Frame.FIRST_HANDLE;

    private final HandleSet handles = new HandleSet();

    @Test
    void nothingWasOpenedAtFirst() {
        assertThat(handles.contains(FIRST)).isFalse();
        assertThat(handles.highest()).isZero();
        assertThat(handles.end()).isEqualTo(FIRST + HandleSet.SPAN);
    }

    /** One OPEN is late, and as many as may be have overtaken it: each bit of the ring is in use. */
    @Test
    void allUpToTheEndAreToldApartWhileTheLowestIsMissing() {
        for (long handle = FIRST + 1; handle < handles.end(); handle++) {
            assertThat(handles.contains(handle)).isFalse();
            handles.add(handle);
            assertThat(handles.contains(handle)).isTrue();
        }
        assertThat(handles.contains(FIRST)).isFalse();
        assertThat(handles.end()).as("the floor has not moved").isEqualTo(FIRST + HandleSet.SPAN);

        handles.add(FIRST);

        assertThat(handles.end()).isEqualTo(FIRST + 2L * HandleSet.SPAN);
        assertThat(handles.contains(FIRST)).isTrue();
        assertThat(handles.contains(FIRST + HandleSet.SPAN)).isFalse();
    }

    @Test
    void agreesWithASetOfAllThatWereOpened() {
        Random random = new Random(1);
        Set<Long> model = new HashSet<>();
        long floor = FIRST;
        for (int i = 0; i < 300_000; i++) {
            long handle = floor + random.nextInt(random.nextInt(4) == 0 ? HandleSet.SPAN : 20);
            assertThat(handles.contains(handle)).isEqualTo(model.contains(handle));
            if (model.add(handle)) {
                handles.add(handle);
            }
            while (model.contains(floor)) {
                floor++;
            }
            assertThat(handles.end()).isEqualTo(floor + HandleSet.SPAN);
        }
    }
}
