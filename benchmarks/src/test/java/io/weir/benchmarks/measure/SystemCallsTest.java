package io.weir.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class SystemCallsTest {
    @Test
    void readsWhatPerfWrote() {
        SystemCalls calls = SystemCalls.ofPerf("""
                # started on Sun Nov 29 18:04:03 2026

                29041,,raw_syscalls:sys_enter,3892654,100.00,,
                0,,syscalls:sys_enter_readv,3892654,100.00,,
                1204,,syscalls:sys_enter_read,3892654,100.00,,
                <not supported>,,syscalls:sys_enter_futex,0,100.00,,
                """);

        assertThat(calls.total()).isEqualTo(29_041);
        assertThat(calls.byName()).containsOnly(entry("read", 1_204L));
    }

    @Test
    void readsWhatStraceWrote() {
        SystemCalls calls = SystemCalls.ofStrace("""
                % time     seconds  usecs/call     calls    errors syscall
                ------ ----------- ----------- --------- --------- ----------------
                 88.10    1.207500          10    120750           futex
                 11.90    0.016310           2      8155       155 epoll_wait
                ------ ----------- ----------- --------- --------- ----------------
                100.00    1.223810           9    128905       155 total
                """);

        assertThat(calls.total()).isEqualTo(128_905);
        assertThat(calls.byName()).containsOnly(entry("futex", 120_750L), entry("epoll_wait", 8_155L));
    }

    @Test
    void refuseATextWithoutATotal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemCalls.ofPerf("<not counted>,,raw_syscalls:sys_enter,0,100.00,,"))
                .withMessageContaining("not counted");
        assertThatIllegalArgumentException().isThrownBy(() -> SystemCalls.ofStrace(""));
    }
}
