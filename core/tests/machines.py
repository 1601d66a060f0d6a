"""A machine of which everything is known."""

from obt_core.hardware import Cpu, DetectionNote, DiskKind, Gpu, GpuVendor, HardwareSnapshot, Memory, ModelDisk, Npu
from obt_core.machine_environment import GpuEnvironment, MachineEnvironment, MigDevice, Power, PowerSource

GIB = 2**30

WHOLE_HARDWARE = HardwareSnapshot(
    os="Linux",
    os_version="Ubuntu 24.04.2 LTS",
    arch="x86_64",
    cpu=Cpu(
        model="13th Gen Intel(R) Core(TM) i5-13400",
        physical_cores=10,
        logical_cores=16,
        performance_cores=6,
        efficiency_cores=4,
        min_mhz=800,
        max_mhz=4600,
        features=("avx2", "f16c", "fma"),
    ),
    memory_bytes=31 * GIB,
    memory=Memory(kind="DDR5", speed_mt_per_s=5200, modules=2),
    gpus=(
        Gpu(
            vendor=GpuVendor.NVIDIA,
            name="NVIDIA A100-SXM4-40GB",
            memory_bytes=40 * GIB,
            driver_version="550.54.15",
            pci_id="10de:20b0",
            pci_address="0000:07:00.0",
            is_integrated=False,
            cores=6912,
            compute_capability="8.0",
            has_tensor_cores=True,
            number_formats=("bf16", "fp16", "int8"),
            pcie_generation_max=4,
            pcie_width_max=16,
        ),
    ),
    npus=(Npu(vendor="apple", name="Apple Neural Engine", cores=16, driver="ane", pci_id="106b:0001:00"),),
    model_disk=ModelDisk(kind=DiskKind.NVME, size_bytes=10**12, filesystem="ext4"),
    environment=MachineEnvironment(
        kernel="6.8.0-57-generic",
        distribution="ubuntu",
        distribution_version="24.04",
        virtualization="kvm",
        container="docker",
        power=Power(
            source=PowerSource.MAINS,
            battery_percent=80,
            governor="powersave",
            energy_preference="balance_performance",
            platform_profile="balanced",
            plan="balanced",
            is_boost_enabled=True,
            is_low_power_mode=False,
        ),
        cpu_mhz=3100.5,
        model_disk_free_bytes=10**11,
        gpus=(
            GpuEnvironment(
                name="NVIDIA A100-SXM4-40GB",
                driver="nvidia",
                driver_version="550.54.15",
                runtime_version="CUDA 12.4",
                firmware_version="92.00.19.00.01",
                power_limit_w=400,
                power_limit_default_w=400,
                power_limit_max_w=400,
                pcie_generation=4,
                pcie_width=16,
                is_ecc_enabled=True,
                is_mig_enabled=True,
                mig_devices=(MigDevice(profile="1g.5gb", memory_bytes=4864 * 2**20),),
                memory_carved_out_bytes=None,
                is_accessible=True,
            ),
        ),
    ),
    notes=(DetectionNote(source="amd-tools", code="timed_out", detail="rocm-smi"),),
)
