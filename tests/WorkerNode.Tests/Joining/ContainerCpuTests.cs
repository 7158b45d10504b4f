using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode.Tests.Joining;

/// <summary>What control groups say of a container's processors.</summary>
public sealed class ContainerCpuTests
{
    [Fact]
    public void Version2_WithALimit_SaysIt() => Assert.Equal(
        new ContainerCpu(2.5, 1.5), ContainerCpu.ParseVersion2("150000 100000\n", "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n"));

    [Fact]
    public void Version1_WithALimit_SaysIt() => Assert.Equal(new ContainerCpu(2.5, 0.5), ContainerCpu.ParseVersion1("50000\n", "100000\n", "2500000000\n"));

    [Theory]
    [InlineData("max 100000\n", "usage_usec 2500000\n")]
    [InlineData("100000\n", "usage_usec 2500000\n")]
    [InlineData("100000 0\n", "usage_usec 2500000\n")]
    [InlineData("100000 100000\n", "user_usec 2000000\n")]
    [InlineData("100000 100000\n", "usage_usec\n")]
    [InlineData("", "")]
    public void Version2_WithoutALimit_IsNone(string max, string stat) => Assert.Null(ContainerCpu.ParseVersion2(max, stat));

    [Theory]
    [InlineData("-1\n", "100000\n", "2500000000\n")]
    [InlineData("50000\n", "", "2500000000\n")]
    [InlineData("50000\n", "100000\n", "")]
    [InlineData("", "", "")]
    public void Version1_WithoutALimit_IsNone(string quota, string period, string usage) => Assert.Null(ContainerCpu.ParseVersion1(quota, period, usage));
}
