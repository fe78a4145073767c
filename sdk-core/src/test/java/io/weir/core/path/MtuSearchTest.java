package io.weir.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8899 section 5.3. */
class MtuSearchTest {

    @ParameterizedTest(name = "limit {0}, path {1}")
    @CsvSource({
        "1200, 65507, 1200",
        "1472, 1472, 1472",
        "1472, 1452, 1452", // Ethernet, IPv6
        "9000, 8972, 8972", // jumbo frames
        "65507, 65507, 65507", // loopback
        "1300, 1300, 1300",
        "1300, 1210, 1200",
        "1472, 1464, 1462", // PPPoE, IPv4
        "1472, 1392, 1389", // WireGuard, IPv4
        "65507, 4444, 4436"
    })
    void findsWhatThePathTakes(int limit, int path, int found) {
        assertThat(search(1_200, limit, path)).isEqualTo(found);
    }

    /** Of no path is more than the least gain given away, and no search takes long. */
    @Test
    void neverMissesMoreThanTheLeastGain() {
        for (int path = 1_200; path <= 65_507; path += 7) {
            assertThat(path - search(1_200, 65_507, path)).as("path %d", path).isBetween(0, MtuSearch.LEAST_GAIN);
        }
    }

    @Test
    void triesTheCommonSizesInTurn() {
        MtuSearch search = new MtuSearch(1_200, 9_000);
        List<Integer> tried = new ArrayList<>();
        for (int size = search.next(); size != 0; size = search.next()) {
            tried.add(size);
            search.onArrived(size);
        }
        assertThat(tried).containsExactly(1_452, 1_472, 8_952, 8_972, 9_000);
    }

    /** MAX_PROBES: losses that have another reason do not end it. */
    @Test
    void twoLossesAreNotEnough() {
        MtuSearch search = new MtuSearch(1_200, 1_472);
        search.onLost();
        search.onLost();
        assertThat(search.next()).isEqualTo(1_452);
        search.onArrived(1_452);
        search.onLost();
        search.onLost();
        assertThat(search.next()).isEqualTo(1_472);
        search.onLost();
        assertThat(search.next()).as("16 more at most").isEqualTo(1_462);
    }

    @Test
    void aSizeThatTheSystemRefusesIsNotTriedAgain() {
        MtuSearch search = new MtuSearch(1_200, 1_472);
        search.onRefused(1_452);
        assertThat(search.next()).isEqualTo(1_326);
    }

    @Test
    void aProbeThatArrivesLateTakesItsRefusalBack() {
        MtuSearch search = new MtuSearch(1_200, 1_472);
        for (int i = 0; i < 3; i++) {
            search.onLost();
        }
        assertThat(search.next()).isEqualTo(1_326);

        search.onArrived(1_452);

        assertThat(search.next()).isEqualTo(1_472);
    }

    private static int search(int from, int limit, int path) {
        MtuSearch search = new MtuSearch(from, limit);
        int proven = from;
        int probes = 0;
        for (int size = search.next(); size != 0; size = search.next()) {
            assertThat(size).isBetween(proven + 1, limit);
            assertThat(++probes).isLessThan(60);
            if (size <= path) {
                proven = size;
                search.onArrived(size);
            } else {
                search.onLost();
            }
        }
        return proven;
    }
}
