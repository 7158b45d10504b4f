using Actors.WorkerNode.Joining;

namespace Actors.WorkerNode.Tests.Joining;

/// <summary>Tests the files of control groups about the processors of a container.</summary>
public sealed class ContainerCpuTests
{
    [Fact]
    public void ParseVersion2_WithALimit_ReturnsIt() => Assert.Equal(
        new ContainerCpu(2.5, 1.5), ContainerCpu.ParseVersion2("150000 100000\n",
            "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n"));

    [Fact]
    public void ParseVersion1_WithALimit_ReturnsIt() =>
        Assert.Equal(new ContainerCpu(2.5, 0.5), ContainerCpu.ParseVersion1("50000\n", "100000\n", "2500000000\n"));

    [Theory]
    [InlineData("max 100000\n", "usage_usec 2500000\n")]
    [InlineData("100000\n", "usage_usec 2500000\n")]
    [InlineData("100000 0\n", "usage_usec 2500000\n")]
    [InlineData("100000 100000\n", "user_usec 2000000\n")]
    [InlineData("100000 100000\n", "usage_usec\n")]
    [InlineData("", "")]
    public void ParseVersion2_WithoutALimit_IsNull(string max, string stat) => Assert.Null(ContainerCpu.ParseVersion2(max, stat));

    [Theory]
    [InlineData("-1\n", "100000\n", "2500000000\n")]
    [InlineData("50000\n", "", "2500000000\n")]
    [InlineData("50000\n", "100000\n", "")]
    [InlineData("", "", "")]
    public void ParseVersion1_WithoutALimit_IsNull(string quota, string period, string usage) =>
        Assert.Null(ContainerCpu.ParseVersion1(quota, period, usage));
}
