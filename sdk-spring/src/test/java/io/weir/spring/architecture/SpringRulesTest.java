package io.weir.spring.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.reactive.architecture.HouseRules;
import java.util.Map;
import java.util.regex.Pattern;
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
    /** Maven compiles tests to test-classes, other builds to test. */
    private static final Pattern OF_TESTS = Pattern.compile(".*/test(-classes)?/io/weir/.*");

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(location -> !location.matches(OF_TESTS))
            .importPackages("io.weir");
    private static final JavaClasses PRODUCTION = ALL.that(resideInAPackage("io.weir.spring.."));
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(location -> location.matches(OF_TESTS))
            .importPackages("io.weir.spring");

    private static final Map<String, ArchRule> RULES = Map.ofEntries(
            Map.entry("named for what they are", HouseRules.NAMED_FOR_WHAT_THEY_ARE),
            Map.entry("no static mutable state", HouseRules.NO_STATIC_MUTABLE_STATE),
            Map.entry("reads no settings of the process", HouseRules.READS_NO_SETTINGS_OF_THE_PROCESS),
            Map.entry("nobody sleeps", HouseRules.NOBODY_SLEEPS),
            Map.entry("blocks only where the name says now", HouseRules.BLOCKS_ONLY_WHERE_THE_NAME_SAYS_NOW),
            Map.entry("takes no monitors", noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED)),
            Map.entry("buffers stay in transports", HouseRules.BUFFERS_STAY_IN_TRANSPORTS),
            Map.entry("packages are null-marked", HouseRules.PACKAGES_ARE_NULL_MARKED),
            Map.entry("packages form a DAG", HouseRules.packagesFormADag("io.weir.spring")),
            Map.entry(
                    "knows of Weir what users know",
                    noClasses()
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    "io.weir.reactive.session..",
                                    "io.weir.reactive.node..",
                                    "io.weir.reactive.peers..",
                                    "io.weir.reactive.observer..",
                                    "io.weir.reactive.transport..")),
            Map.entry(
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
                                    "org.springframework.boot.test..")),
            Map.entry(
                    "only auto-configurations know each other, and nobody knows them but the slice",
                    noClasses()
                            .that()
                            .resideOutsideOfPackages("io.weir.spring.autoconfigure..", "io.weir.spring.test..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("io.weir.spring.autoconfigure..")),
            Map.entry(
                    "auto-configurations are small and final",
                    classes()
                            .that()
                            .areAnnotatedWith(AutoConfiguration.class)
                            .should()
                            .haveModifier(JavaModifier.FINAL)
                            .andShould()
                            .bePublic()));

    static Stream<Arguments> rules() {
        return RULES.entrySet().stream().map(rule -> Arguments.of(rule.getKey(), rule.getValue()));
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
        HouseRules.NOBODY_SLEEPS.check(TESTS);
    }
}
