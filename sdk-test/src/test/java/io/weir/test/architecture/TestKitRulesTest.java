package io.weir.test.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.weir.reactive.architecture.HouseRules;
import io.weir.reactive.architecture.ModuleRules;
import io.weir.test.network.Seeds;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The test kit keeps to the rules of the house too; that each of them bites is shown beside the rules. */
@Tag("once")
final class TestKitRulesTest {
    private static final JavaClasses PRODUCTION = ModuleRules.production("io.weir.test");

    private static final Map<String, ArchRule> RULES = Map.ofEntries(
            Map.entry("named for what they are", HouseRules.NAMED_FOR_WHAT_THEY_ARE),
            Map.entry("no static mutable state", HouseRules.NO_STATIC_MUTABLE_STATE),
            Map.entry("nobody sleeps", HouseRules.NOBODY_SLEEPS),
            Map.entry("blocks only where the name says now", HouseRules.BLOCKS_ONLY_WHERE_THE_NAME_SAYS_NOW),
            Map.entry("packages are null-marked", HouseRules.PACKAGES_ARE_NULL_MARKED));

    static Stream<Arguments> rules() {
        return ModuleRules.each(RULES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void kitKeepsRule(String name, ArchRule rule) {
        rule.check(PRODUCTION);
    }

    /** {@link Seeds} alone: whoever runs a failing seed again has nothing but the command line. */
    @Test
    void onlySeedsReadsASettingOfTheProcess() {
        HouseRules.READS_NO_SETTINGS_OF_THE_PROCESS.check(PRODUCTION.that(not(equivalentTo(Seeds.class))));
    }

    /** The proxies alone: they stand for a wire, and nothing lies above them. */
    @Test
    void onlyProxiesTouchBuffers() {
        HouseRules.BUFFERS_STAY_IN_TRANSPORTS.check(PRODUCTION.that(not(resideInAPackage("io.weir.test.proxy"))));
    }

    @Test
    void packagesFormADag() {
        HouseRules.packagesFormADag("io.weir.test").check(PRODUCTION);
    }

    @Test
    void productDoesNotKnowTheKit() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAnyPackage("io.weir", "io.weir.core..", "io.weir.reactive..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.weir.test..")
                .check(ModuleRules.production("io.weir"));
    }

    @Test
    void testsDoNotSleepEither() {
        HouseRules.NOBODY_SLEEPS.check(ModuleRules.tests("io.weir.test"));
    }
}
