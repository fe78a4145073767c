package io.weir.metrics.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.reactive.architecture.HouseRules;
import io.weir.reactive.architecture.ModuleRules;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The meters keep to the rules of the house too; that each of them bites is shown beside the rules. */
@Tag("once")
final class MetricsRulesTest {
    private static final String ROOT = "io.weir.metrics";
    private static final JavaClasses ALL = ModuleRules.production("io.weir");
    private static final JavaClasses PRODUCTION = ALL.that(resideInAPackage(ROOT + ".."));

    private static final Map<String, ArchRule> RULES = ModuleRules.with(
            ROOT,
            Map.of(
                    "knows no test kit",
                    noClasses().should().dependOnClassesThat().resideInAPackage("io.weir.test.."),
                    "knows no tracer, and no registry but the interface of all",
                    noClasses()
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    "io.micrometer.tracing..",
                                    "io.micrometer.prometheusmetrics..",
                                    "io.opentelemetry..",
                                    "io.prometheus..")));

    static Stream<Arguments> rules() {
        return ModuleRules.each(RULES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void metersKeepRule(String name, ArchRule rule) {
        rule.check(PRODUCTION);
    }

    @Test
    void nobodyElseKnowsMicrometerNorTheMeters() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.weir.metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.weir.metrics..")
                .check(ALL);
    }

    @Test
    void testsDoNotSleepEither() {
        HouseRules.NOBODY_SLEEPS.check(ModuleRules.tests(ROOT));
    }
}
