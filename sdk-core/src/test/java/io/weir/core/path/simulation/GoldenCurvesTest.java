package io.weir.core.path.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.path.CongestionController;
import io.weir.core.path.Cubic;
import io.weir.core.path.NewReno;
import io.weir.core.path.PathSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The window of each controller by rounds, in each scenario, as it was when somebody last looked at it: a change of behaviour
 * is a change of a text file. {@code -Dweir.golden=write} writes them anew; look at the difference before you keep it.
 */
@Tag("long")
class GoldenCurvesTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long MBIT = 1_000_000L;
    private static final long NEVER_FULL = Long.MAX_VALUE / 4;
    private static final Path GOLDEN = Path.of("src/test/resources/io/weir/core/path/curves");

    private static final Map<String, IntFunction<CongestionController>> CONTROLLERS =
            Map.of("cubic", Cubic::new, "new-reno", NewReno::new);

    private static final Map<String, BiFunction<Clock, PathSettings, Curve>> SCENARIOS = Map.of(
            "slow-start",
                    (clock, settings) -> {
                        Bottleneck wide = new Bottleneck(100_000 * MBIT, 25 * MILLI, NEVER_FULL);
                        return run(clock, wide, Application.unlimited(), settings, 600 * MILLI);
                    },
            "delay-grows",
                    (clock, settings) -> {
                        Bottleneck deep = new Bottleneck(50 * MBIT, 25 * MILLI, NEVER_FULL);
                        return run(clock, deep, Application.unlimited(), settings, 1_500 * MILLI);
                    },
            "single-loss",
                    (clock, settings) -> {
                        Bottleneck wide = new Bottleneck(100_000 * MBIT, 25 * MILLI, NEVER_FULL)
                                .losing(packet -> packet.number == 600 || packet.number == 5_000);
                        return run(clock, wide, Application.unlimited(), settings, 6 * SECOND);
                    },
            "persistent-congestion",
                    (clock, settings) -> {
                        Bottleneck broken = new Bottleneck(20 * MBIT, 20 * MILLI, 100_000)
                                .outAt(nowNanos -> nowNanos > SECOND && nowNanos < 3 * SECOND);
                        return run(clock, broken, Application.unlimited(), settings, 6 * SECOND);
                    },
            "app-limited",
                    (clock, settings) -> {
                        Bottleneck wide =
                                new Bottleneck(1_000 * MBIT, 20 * MILLI, NEVER_FULL).losing(p -> p.number == 200);
                        return run(clock, wide, Application.limited(8 * MBIT, 2 * SECOND), settings, 3 * SECOND);
                    },
            "ecn",
                    (clock, settings) -> {
                        Bottleneck marking = new Bottleneck(50 * MBIT, 20 * MILLI, 1_000_000).markingAbove(60_000);
                        return run(clock, marking, Application.unlimited(), settings, 4 * SECOND);
                    },
            "spurious-loss",
                    (clock, settings) -> {
                        Bottleneck reordering = new Bottleneck(1_000 * MBIT, 20 * MILLI, NEVER_FULL)
                                .detouring(packet -> packet.number == 300 || packet.number == 301, 30 * MILLI);
                        return run(clock, reordering, Application.unlimited(), settings, 400 * MILLI);
                    },
            "competing-flows",
                    (clock, settings) -> {
                        Bottleneck shared = new Bottleneck(50 * MBIT, 15 * MILLI, 187_500);
                        Flow other = new Flow(clock, shared, 15 * MILLI, Application.unlimited(), settings);
                        clock.at(SECOND, other::start);
                        return run(clock, shared, Application.unlimited(), settings, 8 * SECOND);
                    },
            "long-fat-path",
                    (clock, settings) -> {
                        Bottleneck fat = new Bottleneck(1_000 * MBIT, 100 * MILLI, 12_500_000);
                        return run(clock, fat, Application.unlimited(), settings, 12 * SECOND);
                    });

    static Stream<Arguments> curves() {
        return SCENARIOS.keySet().stream()
                .sorted()
                .flatMap(scenario ->
                        CONTROLLERS.keySet().stream().sorted().map(controller -> Arguments.of(scenario, controller)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("curves")
    void theWindowGoesAsItDid(String scenario, String controller) throws IOException {
        PathSettings settings = PathSettings.defaults()
                .withMaxDatagramBytes(1_200)
                .withController(CONTROLLERS.get(controller))
                .withTolerance(false); // the controllers alone

        Curve curve = SCENARIOS.get(scenario).apply(new Clock(), settings);

        Path golden = GOLDEN.resolve(scenario + "-" + controller + ".txt");
        if ("write".equals(System.getProperty("weir.golden"))) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, curve.text());
        }
        assertThat(curve.text()).isEqualTo(Files.readString(golden));
    }

    private static Curve run(
            Clock clock, Bottleneck bottleneck, Application application, PathSettings settings, long nanos) {
        Flow flow = new Flow(clock, bottleneck, 25 * MILLI, application, settings);
        flow.start();
        clock.runUntil(nanos);
        return flow.curve();
    }
}
