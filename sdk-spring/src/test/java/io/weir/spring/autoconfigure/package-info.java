@NullMarked
package io.weir.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
