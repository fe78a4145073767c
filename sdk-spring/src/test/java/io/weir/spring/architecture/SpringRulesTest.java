package io.weir.spring.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
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
import org.springframework.boot.autoconfigure.AutoConfiguration;

/** The starter keeps to the rules of the house too; that each of them bites is shown beside the rules. */
@Tag("once")
final class SpringRulesTest {
    private static final String ROOT = "io.weir.spring";
    private static final JavaClasses ALL = ModuleRules.production("io.weir");
    private static final JavaClasses PRODUCTION = ALL.that(resideInAPackage(ROOT + ".."));

    private static final Map<String, ArchRule> RULES = ModuleRules.with(
            ROOT,
            Map.of(
                    "only the slice knows of tests",
                    noClasses()
                            .that()
                            .resideOutsideOfPackage("io.weir.spring.test..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    "io.weir.test..",
                                    "org.junit..",
                                    "org.springframework.test..",
                                    "org.springframework.boot.test.."),
                    "only auto-configurations know each other, and nobody knows them but the slice",
                    noClasses()
                            .that()
                            .resideOutsideOfPackages("io.weir.spring.autoconfigure..", "io.weir.spring.test..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("io.weir.spring.autoconfigure.."),
                    "auto-configurations are small and final",
                    classes()
                            .that()
                            .areAnnotatedWith(AutoConfiguration.class)
                            .should()
                            .haveModifier(JavaModifier.FINAL)
                            .andShould()
                            .bePublic()));

    static Stream<Arguments> rules() {
        return ModuleRules.each(RULES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void starterKeepsRule(String name, ArchRule rule) {
        rule.check(PRODUCTION);
    }

    @Test
    void nobodyElseKnowsSpring() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.weir.spring..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.weir.spring..")
                .check(ALL);
    }

    @Test
    void testsDoNotSleepEither() {
        HouseRules.NOBODY_SLEEPS.check(ModuleRules.tests(ROOT));
    }
}
