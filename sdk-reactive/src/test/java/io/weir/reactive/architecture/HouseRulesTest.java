package io.weir.reactive.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.weir.reactive.architecture.fixture.BreaksEveryRule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Covers the core as well, which is on this module's class path. */
@Tag("once")
final class HouseRulesTest {
    private static final String ROOT = "io.weir.reactive";
    private static final String FIXTURES = BreaksEveryRule.class.getPackageName();
    private static final JavaClasses PRODUCTION = ModuleRules.production("io.weir");
    private static final JavaClasses TESTS = ModuleRules.tests("io.weir").that(resideOutsideOfPackage(FIXTURES + ".."));
    private static final JavaClasses OFFENDERS = new ClassFileImporter().importPackages(FIXTURES);

    private static final Map<String, ArchRule> RULES = Map.ofEntries(
            Map.entry("named for what they are", HouseRules.NAMED_FOR_WHAT_THEY_ARE),
            Map.entry("no static mutable state", HouseRules.NO_STATIC_MUTABLE_STATE),
            Map.entry("reads no settings of the process", HouseRules.READS_NO_SETTINGS_OF_THE_PROCESS),
            Map.entry("nobody sleeps", HouseRules.NOBODY_SLEEPS),
            Map.entry("cryptography stays in the core", HouseRules.CRYPTOGRAPHY_STAYS_IN_THE_CORE),
            Map.entry("blocks only where the name says now", HouseRules.BLOCKS_ONLY_WHERE_THE_NAME_SAYS_NOW),
            Map.entry("takes no monitors", HouseRules.TAKES_NO_MONITORS),
            Map.entry("buffers stay in transports", HouseRules.BUFFERS_STAY_IN_TRANSPORTS),
            Map.entry("one operator recovers losses", HouseRules.ONE_OPERATOR_RECOVERS_LOSSES),
            Map.entry("packages are null-marked", HouseRules.PACKAGES_ARE_NULL_MARKED));

    static Stream<Arguments> rules() {
        return ModuleRules.each(RULES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void codeKeepsRule(String name, ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCTION);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void ruleBites(String name, ArchRule rule) {
        assertThat(rule.evaluate(OFFENDERS).hasViolation()).isTrue();
    }

    @Test
    void nothingBehindTheEntryPointKnowsIt() {
        HouseRules.NOBODY_KNOWS_THE_ENTRY_POINT.allowEmptyShould(true).check(PRODUCTION);
    }

    @Test
    void packagesFormADag() {
        HouseRules.packagesFormADag("io.weir").allowEmptyShould(true).check(PRODUCTION);
    }

    /** Those of the other modules are shown beside them. */
    @Test
    void whoKnowsMoreThanUsersIsFound() {
        assertThat(ModuleRules.KNOWS_WHAT_USERS_KNOW.evaluate(PRODUCTION).hasViolation())
                .isTrue();
    }

    @Test
    void cycleBetweenPackagesIsFound() {
        assertThat(HouseRules.packagesFormADag(FIXTURES).evaluate(OFFENDERS).hasViolation())
                .isTrue();
    }

    @Test
    void arrowsBetweenTheRoomsOfASessionPointOneWay() {
        SessionRooms.arrowsPointOneWay(ROOT + ".session").check(PRODUCTION);
    }

    @Test
    void aRoomThatReachesUpIsFound() {
        assertThat(SessionRooms.arrowsPointOneWay(FIXTURES + ".session")
                        .evaluate(OFFENDERS)
                        .getFailureReport()
                        .getDetails())
                .anyMatch(detail -> detail.contains("ReachesUp"));
    }

    @Test
    void rootPackageHoldsOnlyContractsAndValues() {
        HouseRules.holdsOnlyContractsAndValues(ROOT).allowEmptyShould(true).check(PRODUCTION);
    }

    @Test
    void classWithBehaviourInTheRootPackageIsFound() {
        assertThat(HouseRules.holdsOnlyContractsAndValues(FIXTURES)
                        .evaluate(OFFENDERS)
                        .getFailureReport()
                        .getDetails())
                .anyMatch(detail -> detail.contains("BreaksEveryRule is a class with behaviour"));
    }

    @Test
    void apiKnowsNoMachinery() {
        HouseRules.apiKnowsNoMachinery(ROOT).allowEmptyShould(true).check(PRODUCTION);
    }

    @Test
    void apiThatKnowsItsMachineryIsFound() {
        assertThat(HouseRules.apiKnowsNoMachinery(FIXTURES).evaluate(OFFENDERS).hasViolation())
                .isTrue();
    }

    @Test
    void testsDoNotSleepEither() {
        HouseRules.NOBODY_SLEEPS.check(TESTS);
    }
}
