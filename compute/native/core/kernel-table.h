// Kernels are rows of a table, one table an op: name, instruction set, function, tolerance against the reference.
// The table is what chooses, tests, benches and documents them (compute/native/README.md).
#pragma once
#include <string>
#include <vector>

#include "core/cpu-features.h"

namespace lathe {

struct KernelRow {
  const char* name;  // <op>_<types or tile>_<isa>
  Isa isa;
  double tolerance;      // against the reference: |x - ref| <= tolerance * (|ref| + scale of the op)
  void (*function)();    // cast back by KernelTable<Fn>
  // A feature that this row needs besides its rung: what some CPUs of a rung have and others lack. nullptr: none.
  CpuFeature needs;
};

bool supports(const CpuFeatures& features, const KernelRow& row);

class KernelTableBase {
 public:
  KernelTableBase(const char* op, std::vector<KernelRow> rows);
  const char* op() const { return op_; }
  const std::vector<KernelRow>& rows() const { return rows_; }
  const KernelRow& chosen() const { return *chosen_; }
  // The best row that `features` can run and `cap` allows. Takes the features as a parameter so that tests can ask for any machine.
  const KernelRow& best(const CpuFeatures& features, Isa cap) const;
  void choose(Isa cap);
  bool force(const std::string& row);

 private:
  const char* op_;
  std::vector<KernelRow> rows_;
  const KernelRow* chosen_;
};

template <class Fn>
class KernelTable : public KernelTableBase {
 public:
  struct Row {
    const char* name;
    Isa isa;
    double tolerance;
    Fn function;
    CpuFeature needs = nullptr;
  };
  KernelTable(const char* op, std::initializer_list<Row> rows) : KernelTableBase(op, erase(rows)) {}
  Fn function() const { return reinterpret_cast<Fn>(chosen().function); }

 private:
  static std::vector<KernelRow> erase(std::initializer_list<Row> rows) {
    std::vector<KernelRow> erased;
    for (const Row& row : rows) erased.push_back({row.name, row.isa, row.tolerance, reinterpret_cast<void (*)()>(row.function), row.needs});
    return erased;
  }
};

// Every table that was constructed, in the order of construction.
const std::vector<KernelTableBase*>& kernelTables();
// Chooses a row in every table; the cap is also what LATHE_ISA names.
void chooseKernels(Isa cap);

}  // namespace lathe
