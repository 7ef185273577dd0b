// The peers of the engine's event queue: a hold model over std::priority_queue of (time, sequence, callback), FIFO
// among equal times. The callback is a std::function, C++'s counterpart of a closure, or, as the least that C++ can
// do, a function pointer beside its context. Arguments: `function` or `pointer`, events pending, events to time.
// Prints events per second.

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace {

// Exponential with this mean: few events share an instant even with a million pending.
constexpr double kMeanNs = 1e9;
constexpr std::uint32_t kIncrements = 4096;  // 2^12: the upper bits of a draw pick one, the lower 20 are added in ns

struct Pointer {
  void (*call)(void*);
  void* context;
  void operator()() const { call(context); }
};

template <typename Callback>
struct Event {
  std::int64_t time;
  std::uint64_t sequence;
  Callback fire;
};

template <typename Callback>
struct Later {
  bool operator()(const Event<Callback>& a, const Event<Callback>& b) const {
    return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
  }
};

template <typename Callback>
class Hold {
 public:
  explicit Hold(std::size_t count) : processes_(count) {
    for (std::uint32_t i = 0; i < kIncrements; i++) {
      increments_.push_back(1 + static_cast<std::int64_t>(-std::log((i + 0.5) / kIncrements) * kMeanNs));
    }
    for (auto& process : processes_) {
      process.hold = this;
      process.fire();
    }
  }

  void run(std::uint64_t events) {
    for (std::uint64_t i = 0; i < events; i++) {
      // top() is const, yet what is popped next may be moved from; only the callback is, not what is compared.
      Event<Callback>& top = const_cast<Event<Callback>&>(pending_.top());
      now_ = top.time;
      const Callback fire = std::move(top.fire);
      pending_.pop();
      fire();
    }
  }

 private:
  struct Process {
    Hold* hold;
    std::uint64_t fired = 0;

    void fire() {
      fired++;
      hold->pending_.push({hold->now_ + hold->draw(), hold->sequence_++, callback()});
    }

    Callback callback() {
      if constexpr (std::is_same_v<Callback, Pointer>) {
        return {[](void* process) { static_cast<Process*>(process)->fire(); }, this};
      } else {
        return [this] { fire(); };
      }
    }
  };

  std::int64_t draw() {
    drawn_ = drawn_ * 1664525u + 1013904223u;
    return increments_[drawn_ >> 20] + (drawn_ & 0xfffff);
  }

  std::priority_queue<Event<Callback>, std::vector<Event<Callback>>, Later<Callback>> pending_;
  std::int64_t now_ = 0;
  std::uint64_t sequence_ = 0;
  std::vector<std::int64_t> increments_;
  std::uint32_t drawn_ = 1;
  std::vector<Process> processes_;
};

template <typename Callback>
double eventsPerSecond(std::size_t count, std::uint64_t events) {
  Hold<Callback> hold(count);
  // As many again before the clock starts, so that the times pending are those of a run under way.
  hold.run(2 * count);
  const auto start = std::chrono::steady_clock::now();
  hold.run(events);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return static_cast<double>(events) / taken.count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::size_t count = std::strtoull(argv[2], nullptr, 10);
  const std::uint64_t events = std::strtoull(argv[3], nullptr, 10);
  const bool isPointer = std::strcmp(argv[1], "pointer") == 0;
  std::printf("%.0f\n", isPointer ? eventsPerSecond<Pointer>(count, events)
                                  : eventsPerSecond<std::function<void()>>(count, events));
}
