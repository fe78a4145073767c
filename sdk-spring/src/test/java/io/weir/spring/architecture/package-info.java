@NullMarked
package io.weir.spring.architecture;

import org.jspecify.annotations.NullMarked;
