@NullMarked
package io.weir.spring.page;

import org.jspecify.annotations.NullMarked;
